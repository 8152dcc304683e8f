"""What students write in words, made safe for the pages that show it: formgrader's, in the grader's session, and feedback.

nbgrader cleans the HTML in a Markdown cell before Markdown makes links and pictures of the rest, and no more after it.
So a text is turned into a page here, with the same code, and is kept as it is only if all that comes of it is known to
do nothing. Otherwise its words are kept and shown as they were typed.
"""

import html
import re
from collections.abc import Iterable

from nbconvert.filters import markdown2html
from nbconvert.preprocessors.sanitize import SanitizeHTML
from pygments.token import STANDARD_TYPES

NOTE = "Shown as plain text, because it holds a link, a picture or markup that must not open here, or is very long:"
LONGEST = 10_000  # characters of a text that is looked at: some texts take Markdown a time that grows with the square
TOGETHER = 40_000  # of one notebook's texts

# every tag and attribute that a page may get from a text, and what the attribute may hold
_LINK = re.compile(r"(https?://[^\s\\]+|mailto:[^\s\\]+|#[^\s\\]*)", re.IGNORECASE | re.ASCII)
_ANY = re.compile(r".*", re.DOTALL)
_PLAIN = (
    "b", "blockquote", "br", "dd", "del", "dl", "dt", "em", "hr", "i", "kbd", "p", "pre", "s", "small", "strong", "sub",
    "sup", "table", "tbody", "thead", "tr", "u", "ul",
)  # fmt: skip
_HARMLESS = {
    **{tag: {} for tag in _PLAIN},
    **{f"h{level}": {"id": _ANY} for level in range(1, 7)},
    **{tag: {"style": re.compile(r"text-align: ?(left|center|right);?")} for tag in ("td", "th")},
    "a": {"href": _LINK, "title": _ANY, "class": re.compile("anchor-link")},
    "abbr": {"title": _ANY},
    "code": {"class": re.compile(r"language-\S+")},
    "div": {"class": re.compile("highlight")},
    "input": {
        "class": re.compile("task-list-item-checkbox"),
        "type": re.compile("checkbox"),
        "disabled": re.compile(""),
        "checked": re.compile(""),
    },
    "li": {"class": re.compile("task-list-item")},
    "ol": {"start": re.compile(r"\d{1,9}")},
    "span": {"class": re.compile("|".join(filter(None, STANDARD_TYPES.values())))},
}
_VOID = {"br", "hr", "input"}

# far less than a browser takes for a tag, so that nobody can differ about where one begins and ends
_SPACE = r"[ \t\r\n\f]"
_ATTRIBUTE = re.compile(rf'{_SPACE}+([a-z]+)(?:="([^"<>]*)")?', re.IGNORECASE | re.ASCII)
_TAG = re.compile(rf"<(/?)([a-z][a-z0-9]*)((?:{_ATTRIBUTE.pattern})*){_SPACE}*/?>", re.IGNORECASE | re.ASCII)
# what MathJax makes links, pictures, styles and attributes of
_ACTIVE_MATHS = re.compile(
    r"\\(href|require|html[A-Za-z]*|class|style|cssId|data|mmlToken|bbox|includegraphics|csname)(?![A-Za-z])"
)


class Writing:
    """The texts of one notebook, one after another.

    Args:
        names: ids of elements that the pages find their own fields by; a heading of the same name would be taken for one.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = {name + end for name in names for end in ("", "-comment", "_extra_credit")}
        self.left = TOGETHER
        self.clean = SanitizeHTML().sanitize_html_tags

    def kept(self, kind: str, source: str) -> tuple[str, str]:
        """The kind and the source of the cell that stands for a student's: the same, or one that shows what was typed."""
        return (kind, source) if kind == "code" or self._harmless(kind, source) else ("markdown", plain(source))

    def _harmless(self, kind: str, source: str) -> bool:
        if len(source) > min(LONGEST, self.left):
            return False
        self.left -= len(source)
        page_of = markdown2html if kind == "markdown" else str  # pages take a raw cell as HTML
        try:  # formgrader cleans the source before, other programs do not
            return all(self._does_nothing(text, page_of(text)) for text in (source, self.clean(source)))
        except Exception:  # such as a picture that is not attached: then no page could be made of the notebook at all
            return False

    def _does_nothing(self, source: str, page: str) -> bool:
        """Whether a piece of HTML holds only tags that are known to do nothing, each closed where it should be."""
        if "<" in _TAG.sub("", page):
            return False
        opened = []
        for closing, name, attributes, *_ in _TAG.findall(page):
            name = name.lower()
            if closing:
                if attributes or not opened or opened.pop() != name:
                    return False
            elif not self._allowed(name, attributes):
                return False
            elif name not in _VOID:
                opened.append(name)
        shown = html.unescape(_TAG.sub("", page))
        return not opened and not _ACTIVE_MATHS.search(source) and not _ACTIVE_MATHS.search(shown)

    def _allowed(self, name: str, attributes: str) -> bool:
        found = [(key.lower(), html.unescape(value)) for key, value in _ATTRIBUTE.findall(attributes)]
        if name == "input" and not {"type", "disabled"} <= {key for key, _ in found}:
            return False
        may = _HARMLESS.get(name)
        return may is not None and all(
            key in may and may[key].fullmatch(value) and not (key == "id" and value in self.names)
            for key, value in found
        )


def plain(source: str) -> str:
    """Markdown that shows a text as it was typed, and nothing else of it.

    Every line is indented, so that all of it is code; and no ``<`` is left in which a cleaning could see a tag or a
    comment, and take words away.
    """
    lines = source.replace("<", "&lt;").strip("\r\n").splitlines(keepends=True)
    return f"{NOTE}\n\n" + "".join("    " + line if line.strip() else "\n" for line in lines)
