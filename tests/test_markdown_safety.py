"""A text of a student's does nothing on a page, whichever way it is written; one that does nothing stays as it is."""

import html
import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.filters import markdown2html
from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbformat.v4 import new_markdown_cell, new_notebook, new_raw_cell

from autograder.grading.cells import grade_id
from autograder.grading.markdown_safety import LONGEST, NOTE, TOGETHER, plain
from autograder.grading.rebuilding import rebuild

FETCHED = ("src", "srcset", "poster", "background", "data", "action", "formaction", "xlink:href", "ping")
RUNS = (
    "script", "iframe", "frame", "object", "embed", "applet", "img", "image", "picture", "video", "audio", "source", "svg",
    "math", "form", "button", "select", "textarea", "style", "link", "meta", "base", "template", "noscript", "title",
)  # fmt: skip

HOSTILE = {
    "script in a link": "see [plot](javascript:void(fetch('/api/contents')))",
    "mixed case": "[plot](JaVaScRiPt:alert(1))",
    "an entity for the colon": "[plot](javascript&colon;alert(1))",
    "numbers for letters": "[plot](&#106;avascript&#58;alert(1))",
    "a control character before": "[plot](\x01javascript:alert(1))",
    "a tab inside": "[plot](<java\tscript:alert(1)>)",
    "an entity for a line's end": "[plot](java&#10;script:alert(1))",
    "in angle brackets": "[plot](<javascript:alert(1)>)",
    "vbscript": "[plot](vbscript:msgbox)",
    "a page in the link": "[plot](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "a file": "[plot](file:///etc/passwd)",
    "a link into the server": "[plot](/api/shutdown)",
    "a link to another host, same scheme": "[plot](//a.example/x)",
    "a scheme without a host": "[plot](http:/api/contents)",
    "a program's scheme": "[plot](ms-msdt:/id)",
    "a reference": "[plot]\n\n[plot]: javascript:alert(1) 'title'",
    "a reference with a name": "[plot][r]\n\n[r]: <javascript:alert(1)>",
    "an autolink": "plot <javascript:alert(1)>",
    "in a heading": "# [plot](javascript:alert(1))",
    "in a table": "|plot|\n|-|\n|[x](javascript:alert(1))|",
    "in a list": "- plot\n  - [x](javascript:alert(1))",
    "in a footnote's place": "> plot\n>> [x](javascript:alert(1))",
    "in a definition": "plot\n: [x](javascript:alert(1))",
    "a link of HTML": "plot <a href=\"javascript:alert(1)\">x</a>",
    "a link within HTML": "<b>plot [x](javascript:alert(1))</b>",
    "two addresses": '<a href="javascript:alert(1)" href="https://a.example">plot</a>',
    "hidden by a comment": "plot `<!-- ` --> [x](java<!-- -->script:alert(1))",
    "a comment that joins": "plot [x]<!-- -->(javascript:alert(1))",
    "a picture": "plot ![p](http://127.0.0.1:9/pixel.png)",
    "a picture in a link": "[![plot](https://a.example/p.png)](https://a.example)",
    "a picture by reference": "plot ![p][r]\n\n[r]: https://a.example/p.png",
    "a picture in the page": "plot ![p](data:image/svg+xml;base64,PHN2Zy8+)",
    "a picture of HTML": "plot <img src=x onerror=alert(1)>",
    "a script": "plot <script>alert(1)</script>",
    "a frame": "plot\n\n<iframe src='https://a.example'></iframe>",
    "a form": "plot <form action=/api/contents method=post><button>x</button></form>",
    "a style": "plot <style>@import 'https://a.example'</style>",
    "a style in a tag": "<p style=\"background:url('https://a.example')\">plot</p>",
    "a drawing": "plot <svg onload=alert(1)></svg>",
    "an event": '<b onmouseover="alert(1)">plot</b>',
    "a tag in odd spelling": "plot <b/onclick=alert(1)//>x</b>",
    "an unclosed comment": "plot\n\n<!-- the rest is gone",
    "closing what it did not open": "plot </div></div></div>",
    "a tag in a title": "[plot](https://a.example '\"><img src=x onerror=alert(1)>') <img src=y>",
    "a diagram": '```mermaid\ngraph LR\nplot-->B\nclick B "javascript:alert(1)"\n```',
    "a diagram of HTML": "```mermaid\n</pre><img src=x onerror=alert(1)>plot\n```",
    "a link in a formula": r"plot $\href{javascript:alert(1)}{x}$",
    "a link in a displayed formula": "plot\n\n$$\n\\href{javascript:alert(1)}{x}\n$$",
    "a link in an environment": r"plot \begin{align}\href{javascript:alert(1)}{x}\end{align}",
    "an entity in a formula": r"plot \begin{CD}&#92;href{javascript:alert(1)}{x}\end{CD}",
    "a comment in a formula": r"plot $\hr<!-- -->ef{javascript:alert(1)}{x}$",
    "an extension of formulas": r"plot $\require{html}$",
    "HTML in a formula": r"plot $\htmlData{x=y}{z} \htmlStyle{color:red}{z}$",
    "a class in a formula": r"plot $\class{tabbable}{x}$",
    "an attribute in a formula": r'plot $\mmlToken{mi}[href="javascript:alert(1)"]{x}$',
    "a picture that is not attached": "plot ![p](attachment:p.png)",
    "a name that the page uses": "# why\n\nplot",
    "the name of a comment": "# why-comment\n\nplot",
    "a class that the page uses": '<span class="tabbable">plot</span>',
    "a field": "<input type=\"text\"> plot",
}  # fmt: skip

HARMLESS = {
    "emphasis": "**Because** it _forgets_, ~~not~~ `x < 1`.",
    "lists": "1. one\n2. two\n   - a\n   - b\n\n- [ ] to do\n- [x] done",
    "a table": "|delay|share|\n|:-|-:|\n|4|1.0|\n|12|0.5|",
    "links": "See [the paper](https://a.example/p?x=1&y=2 'Title'), <http://a.example>, http://a.example/q or <me@a.example>.",
    "a link within the page": "See [above](#above).",
    "formulas": "$h_t = \\tanh(W x_t)$ and\n\n$$\\begin{aligned}a &< b\\\\ c &> d\\end{aligned}$$",
    "headings": "# Mine & yours: why?\n\nText\n====\n\n---",
    "code": "```python\nif a < b and c > d:\n    print('[x](javascript:1)')\n```\n\n    <script>\n\n```mine\nx\n```",
    "a quotation": "> it vanishes\n>\n> > twice",
    "a definition": "gate\n: a number from 0 to 1",
    "signs": "a < b & c > d, 3 &lt; 4; Übergröße — 日本 😀 C:\\new",
    "a little HTML": "H<sub>2</sub>O<br>x<sup>2</sup>",
    "what would be a tag": "&lt;img src=x onerror=alert(1)&gt; `javascript:alert(1)` javascript:alert(1)",
    "a tag that is none": "plot <svg/onload=alert(1)> $&#92;href{javascript:alert(1)}{x}$ <img src=x onerror=alert(1) ",
    "quotes": "# x&quot; onclick=&quot;alert(1)\n\n~~~{.x onclick=alert(1)}\ny\n~~~\n\n{: onclick=alert(1)}",
    "Windows' line ends": "one\r\n\r\n* two\r\n* three\r\n",
    "nothing": "",
    "white space": " \n\n",
}


@pytest.fixture
def ours():
    answer = new_markdown_cell("YOUR ANSWER HERE", id="why")
    answer.metadata["nbgrader"] = {"grade_id": "why", "solution": True, "grade": True, "points": 3, "checksum": "x"}
    return new_notebook(cells=[new_markdown_cell("Read this.", id="text"), answer])


def handed_in(ours, answer, *own):
    student = new_notebook(cells=[*own, ours.cells[0], new_markdown_cell(answer, id="why")])
    return rebuild(ours, student)


def pages(source):
    """What programs make of a Markdown cell: without a cleaning, and with the one that our configuration asks for."""
    return [markdown2html(text) for text in (source, SanitizeHTML().sanitize_html_tags(source))]


def active(page):
    """What could run, open or be fetched in a piece of HTML, looked for in another way than the code does."""
    found, soup = [], BeautifulSoup(page, "html.parser")
    for tag in soup.find_all(True):
        found += [tag.name] if tag.name in RUNS else []
        found += [tag.name] if tag.name == "input" and tag.get("type") != "checkbox" else []
        for key, value in tag.attrs.items():
            value = re.sub(r"[\x00-\x20]", "", html.unescape(" ".join(value) if isinstance(value, list) else value))
            if key.startswith("on") or key in FETCHED or "mermaid" in value or "tabbable" in value:
                found.append((key, value))
            if key == "href" and not re.match(r"(https?://|mailto:|#)", value, re.IGNORECASE):
                found.append((key, value))
            if (key == "style" and not value.startswith("text-align:")) or (key == "id" and value.startswith("why")):
                found.append((key, value))
    for code in soup.find_all(["code", "pre"]):
        code.decompose()  # MathJax leaves them alone
    return found + re.findall(r"\\(?:href|require|html\w*|class|mmlToken)\b", soup.get_text())


def words(text):
    return re.findall(r"\w+", html.unescape(html.unescape(text)))


def quiet(source):
    try:
        return not any(active(page) for page in pages(source))
    except Exception:  # no page could be made of it
        return False


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_nothing_active_is_left_and_every_word_is(ours, source):
    rebuilt = handed_in(ours, source, new_markdown_cell(source), new_raw_cell(source))
    own, raw, answer = rebuilt.cells[0], rebuilt.cells[1], rebuilt.cells[-1]
    assert own.source == answer.source == plain(source) and raw.cell_type in ("raw", "markdown")
    for page in pages(answer.source):
        shown = BeautifulSoup(page, "html.parser")
        assert active(page) == [] and [tag.name for tag in shown.find_all(True)] == ["p", "pre", "code"]
        assert NOTE in shown.p.text and "plot" in shown.code.text
        assert words(shown.code.text) == words(source)


UNSEEN = (  # by the search above
    "an unclosed comment", "closing what it did not open", "a comment in a formula",
    "hidden by a comment", "a comment that joins", "a tag in odd spelling", "two addresses",
)  # fmt: skip


@pytest.mark.parametrize("name", [name for name in HOSTILE if name not in UNSEEN])
def test_these_would_do_something(name):
    assert not quiet(HOSTILE[name])


@pytest.mark.parametrize("source", HARMLESS.values(), ids=HARMLESS)
def test_a_harmless_text_stays_as_it_is(ours, source):
    assert quiet(source)
    rebuilt = handed_in(ours, source, new_markdown_cell(source))
    assert rebuilt.cells[-1].source == rebuilt.cells[0].source == source


@pytest.mark.parametrize("source", ["<script>x</script>", "a < b", "<b>open", r"$\href{javascript:x}{y}$"])
def test_a_raw_cell_which_pages_take_as_html_is_shown_as_text(ours, source):
    rebuilt = handed_in(ours, "Because.", new_raw_cell(source), new_raw_cell("just words"))
    assert (rebuilt.cells[0].cell_type, rebuilt.cells[0].source) == ("markdown", plain(source))
    assert (rebuilt.cells[1].cell_type, rebuilt.cells[1].source) == ("raw", "just words")


def test_the_answer_is_still_graded_by_hand(ours):
    rebuilt = handed_in(ours, HOSTILE["script in a link"]).cells[-1]
    assert rebuilt.metadata == ours.cells[-1].metadata and grade_id(rebuilt) == rebuilt.id == "why"
    assert handed_in(ours, "YOUR ANSWER HERE").cells[-1].source == "YOUR ANSWER HERE"
    assert rebuild(ours, new_notebook()).cells[-1].source == ""


@pytest.mark.parametrize("unit", ["$$x ", "\\\\[", "\\begin{a}", "[", "<", "*a "])
def test_a_text_that_would_take_long_to_read_is_not_read(ours, unit):
    endless = unit * (200 * LONGEST)
    assert handed_in(ours, endless).cells[-1].source == plain(endless)


def test_texts_are_read_up_to_a_length_in_all(ours):
    words = "x " * (LONGEST // 2)
    rebuilt = handed_in(ours, words, *(new_markdown_cell(words) for _ in range(TOGETHER // LONGEST)))
    assert [cell.source == words for cell in rebuilt.cells if cell.id != "text"] == [True] * 4 + [False]


PIECES = [
    *HOSTILE.values(),
    "```",
    "~~~",
    "\n",
    "\n\n",
    "    ",
    "\t",
    "$$",
    "\\\\[",
    "\\end{a}",
    "<!--",
    "-->",
    "<b>",
    "</b>",
]
PIECES += [
    "<a title='\n'>",
    "> ",
    "- ",
    ": x",
    "a\n: b",
    "===\n",
    "\r",
    "\x0b",
    "\x0c",
    "\x85",
    "\u2028",
    "\x00",
    "&#10;",
    "]]>",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=8).map("".join))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_nothing_gets_out_of_a_text_that_is_shown(source):
    for page in pages(plain(source)):
        assert re.fullmatch(r"<p>[^<]*</p>\n(<pre><code>[^<]*</code></pre>\n)?", page)
