"""XML with <item>s (RSS 2.0) or <entry>s (Atom), as Google describes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from typing import Any, TextIO

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from catalog.attributes import column_name
from catalog.sources.base import SourceError
from catalog.sources.feeds.formats.delimited import MAX_CELL
from catalog.sources.feeds.rows import Row, grouped

CHUNK = 1 << 16
# How many names of elements a message tells.
_NAMED_ELEMENTS = 8
_GOOGLE = ("{http://base.google.com/", "{https://base.google.com/")
_GOOGLE_NAMESPACE = "http://base.google.com/ns/1.0"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_FEEDS = {"rss", "feed", "rdf", "channel"}
# HTML's names of characters, such as &nbsp;, which shops write though XML does not know them.
_ENTITIES = {name[:-1]: text for name, text in html5.items() if name.endswith(";")}
# Up to the name of the first element, and its attributes; greedy for good, so that no file costs long.
_ROOT = re.compile(
    r"\A((?>\s|<!--(?s:.*?)-->|<\?(?s:.*?)\?>)*+<[^\W\d][\w:.-]*+)((?:[^>\"']|\"[^\"]*\"|'[^']*')*+)"
)
# In ASCII: texts have "m²:20", which looks alike and is no name.
_PREFIX = re.compile(r"(?:</?|\s)([A-Za-z_][A-Za-z\d_.-]*):[\w.-]+(?=[\s=/>])")
_BOUND = re.compile(r"\sxmlns:([\w.-]+)\s*=")
_DECLARATION = re.compile(r"\A\ufeff?\s*<\?xml\s[^>]*\?>")
# Characters that no XML may hold. Shops' editors leave them in descriptions, and one would stop all rows.
_REFUSED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class _ItemTarget:
    """Collects the direct children of every <item> (RSS) and <entry> (Atom) as the parser passes them."""

    def __init__(self) -> None:
        self.parser: Any = None
        self.rows: list[Row] = []
        self.elements: dict[str, None] = {}
        self.has_items = False
        self._line = 0
        self._depth = 0  # 0 outside items, 1 in an item, 2 in one of its children, ...
        self._pairs: list[tuple[str, str]] = []
        self._googles: list[tuple[str, str]] = []
        self._parts: list[str] = []
        self._length = 0
        self._language = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self.rows and not self._depth and len(self.elements) < _NAMED_ELEMENTS:
            self.elements.setdefault(_local(tag))
        if self._depth:
            self._depth += 1
            if self._depth == 2:
                # Atom writes <link href="..."/>; of several, the alternate one leads to the product.
                is_page = attributes.get("rel", "alternate") == "alternate"
                self._parts, self._length = [attributes.get("href", "") if is_page else ""], 0
                self._language = attributes.get(_LANGUAGE, "")
        elif _local(tag) in ("item", "entry"):
            self._depth, self.has_items = 1, True
            self._pairs, self._googles = [], []
            self._line = self.parser.parser.CurrentLineNumber

    def data(self, text: str) -> None:
        # Deeper levels belong to groups such as <g:shipping>, whose price is not the product's.
        if self._depth == 2 and self._length < MAX_CELL:
            self._parts.append(text)
            self._length += len(text)

    def end(self, tag: str) -> None:
        if not self._depth:
            return
        self._depth -= 1
        if self._depth == 1:
            name = f"{_local(tag)}_{self._language}" if self._language else _local(tag)
            pair = (column_name(name), "".join(self._parts))
            # The id of an Atom entry is that of the entry; the product's is Google's.
            (self._googles if tag.startswith(_GOOGLE) else self._pairs).append(pair)
        elif self._depth == 0:
            self.rows.append(Row(self._line, grouped([*self._googles, *self._pairs])))

    def close(self) -> None:
        """Required by the parser; rows are taken as they come."""


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def xml_rows(file: TextIO) -> Iterator[Row]:
    """Every row. Raises SourceError for XML that breaks off, is damaged, or is no feed."""
    target = _ItemTarget()
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    target.parser = parser
    parser.entity.update(_ENTITIES)
    # Without it expat stops at a name that no document type declares, before ``entity`` is asked. Nothing is
    # read for it: expat asks for no document type unless it is told to parse parameter entities.
    parser.parser.UseForeignDTD()
    try:
        # Without its declaration, before which programs print blank lines, and whose encoding expat may not
        # know: this is text.
        chunk = _DECLARATION.sub(_only_lines, file.read(CHUNK), count=1)
        chunk = _ROOT.sub(_with_prefixes, chunk.removeprefix("\ufeff"), count=1)
        while chunk:
            parser.feed(_REFUSED.sub(" ", chunk))
            yield from target.rows
            target.rows.clear()
            chunk = file.read(CHUNK)
        parser.close()
        _check_shape(target)
    except ParseError as error:
        raise SourceError(f"The feed's XML breaks off or is damaged: {error}.", permanent=True) from error
    except DefusedXmlException as error:
        message = "The feed's XML declares a document type or entities, which is refused."
        raise SourceError(message, permanent=True) from error


def _only_lines(found: re.Match[str]) -> str:
    return "\n" * found.group().count("\n")


def _with_prefixes(root: re.Match[str]) -> str:
    """The start of the first element, with every prefix declared that the text's start uses undeclared."""
    used = {"g", *_PREFIX.findall(root.string)} - {*_BOUND.findall(root[2]), "xml", "xmlns"}
    declared = (
        f' xmlns:{each}="{_GOOGLE_NAMESPACE if each == "g" else f"urn:{each}"}"' for each in sorted(used)
    )
    return root[1] + "".join(declared) + root[2]


def _check_shape(target: _ItemTarget) -> None:
    """An RSS or Atom feed may be empty; anything else without items is no feed that can be read."""
    if target.has_items or next(iter(target.elements), "").lower() in _FEEDS:
        return
    found = ", ".join(f"<{name}>" for name in target.elements)
    message = (
        f"The feed's XML has no <item> (RSS) or <entry> (Atom), in which products stand; it has {found}. "
        "Export it in Google's format, or as CSV."
    )
    raise SourceError(message, permanent=True)
