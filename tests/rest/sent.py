"""What a browser would send for a form of a page, as the page is."""

from html.parser import HTMLParser


class Sent(HTMLParser):
    """``Sent.of(html)`` has the fields of the form that is posted, by name, as lists."""

    def __init__(self):
        super().__init__()
        self.fields = {}
        self._select = self._text = None

    @classmethod
    def of(cls, html):
        found = cls()
        found.feed(html)
        return found.fields

    def _add(self, name, value):
        self.fields.setdefault(name, []).append(value)

    def handle_starttag(self, tag, attributes):
        about = dict(attributes)
        name = about.get("name")
        if tag == "input" and name and about.get("type") not in ("submit", "button", "file"):
            is_box = about.get("type") in ("checkbox", "radio")
            if not is_box or "checked" in about:
                self._add(name, about.get("value", "on" if is_box else ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in about:
            self._add(self._select, about["value"])
        elif tag == "textarea":
            self._text = (name, [])

    def handle_data(self, data):
        if self._text:
            self._text[1].append(data)

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = None
        elif tag == "textarea" and self._text:
            self._add(self._text[0], "".join(self._text[1]).removeprefix("\n"))
            self._text = None
