"""Shops' texts without markup."""

import pytest

from catalog.sources.texts import clean_line, clean_text


def test_what_no_reader_sees_is_no_description():
    text = "<p>Linen</p><script>track()</script><style>p{color:red}</style><p>Cool</p>"
    assert clean_text(text, 100) == "Linen\nCool"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Levi&amp;#39;s &amp;amp; Co", "Levi's & Co"),
        ("&lt;b&gt;Linen&lt;/b&gt; Dress", "Linen Dress"),
        ("5 < 6 & 7 > 2", "5 < 6 & 7 > 2"),
    ],
)
def test_a_text_that_was_escaped_twice_is_read_as_it_was(text, plain):
    assert clean_line(text, 100) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<h3>Details</h3><p>Linen</p>", "Details\nLinen"),
        (
            "<strong>Details</strong><ul><li>Linen</li><li>Cool</li></ul>Wash cold",
            "Details\nLinen\nCool\n\nWash cold",
        ),
        ("<dl><dt>Fit</dt><dd>Slim</dd></dl>", "Fit\nSlim"),
        ("<table><tr><th>S</th><td>36</td></tr><tr><th>M</th><td>38</td></tr></table>", "S 36\nM 38"),
        ("<div><div><p>Linen</p></div></div><p>Cool</p>", "Linen\n\nCool"),
        ("<p>Linen</p> <p>Cool</p>", "Linen\nCool"),
        ("Linen<br><br>Cool", "Linen\n\nCool"),
        ("Dry-clean <b>on</b>ly", "Dry-clean only"),
    ],
)
def test_words_of_two_lines_do_not_become_one(text, plain):
    assert clean_text(text, 100) == plain


@pytest.mark.parametrize("broken", ["<b" * 600 + ">", "<" * 60 + "b>" * 60])
def test_a_text_full_of_broken_tags_is_read(broken):
    assert clean_line(f"Linen {broken} Cool", 100).startswith("Linen")
