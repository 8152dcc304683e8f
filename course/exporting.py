"""Notebooks as web pages that everybody can read: what nbconvert's and nbgrader's own pages lack for that.

Their greys, greens and purples are too faint on their grounds (WCAG asks for a contrast of 4.5), links show by colour
alone, long lines scroll where no keyboard gets, and nbgrader's pages do not name their language. Nor does its feedback,
in which a student's text stands, tell the browser what may run there: formulas, by MathJax, and nothing else.
"""

import re
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode

STYLE = """
<style>
.jp-InputPrompt, .jp-OutputPrompt, div.prompt { color: #595959 !important; opacity: 1 !important; }
.highlight .m, .highlight .mi, .highlight .mf, .highlight .mb, .highlight .mh, .highlight .mo { color: #006400 !important; }
.highlight .ow, .highlight .o { color: #7a00cc !important; }
.highlight .c, .highlight .c1, .highlight .cm, .highlight .ch { color: #2f6161 !important; }
.highlight .ne { color: #a3201a !important; }
.highlight pre, .jp-OutputArea-output pre, .output_area pre, .output_subarea pre {
  white-space: pre-wrap !important; overflow-wrap: anywhere; }
img { max-width: 100%; height: auto; }
#toc a, .panel a { color: #1a4f7c; text-decoration: underline; }
.panel-primary > .panel-heading a { color: #fff !important; }
.panel-primary > .panel-heading { background: #24598a !important; height: auto !important; overflow: hidden; }
</style>
"""

MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/"
# MathJax evaluates its settings, which stand in the page
POLICY = (
    f"default-src 'none'; script-src {MATHJAX} 'unsafe-eval'; font-src {MATHJAX}; "
    "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
)


def readable(page: str) -> str:
    """A page of HTML that names its language and has colours and lines that can be read; otherwise the same."""
    page = re.sub(r"<html(?![^>]*\slang=)", '<html lang="en"', page, count=1)
    head, end, rest = page.partition("</head>")
    return head + STYLE + end + rest if end and STYLE not in page else page


def confined(page: str) -> str:
    """A page in which no script runs but MathJax's, no link runs one, and nothing else is fetched."""
    return page.replace("<head>", f'<head>\n<meta http-equiv="Content-Security-Policy" content="{POLICY}"/>', 1)


class ReadableHTML(HTMLExporter):
    """nbconvert's page of a notebook, or nbgrader's feedback, made readable.

    ``jupyter nbconvert --to readable``, or JupyterLab's *File > Save and Export Notebook As > Readable HTML*.
    """

    export_from_notebook = "Readable HTML"

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        page, resources = super().from_notebook_node(nb, resources, **options)
        return readable(confined(page) if "nbgrader" in resources else page), resources
