"""How nbgrader is wired. Instructors run everything in this folder: ``nbgrader ...``, formgrader, ``python -m autograder ...``."""

import os
import sys

# nbgrader calls `alembic` by name: it lies beside this Python, also when the environment is not activated
os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", "")

c = get_config()  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = "gated-recurrent-networks"
# extend: assigning would lose nbgrader's own list. The text notebooks are the authors', not the students'.
c.CourseDirectory.ignore.extend(["*.py", "*.md"])
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError"}

# Trusted grading: formgrader's Autograde button and `nbgrader autograde` go the same way as `python -m autograder grade`.
c.Autograde.exporter_class = "autograder.grading.plugin.UnreadExporter"
c.Autograde.sanitize_preprocessors = ["autograder.grading.plugin.Sanitize"]
c.Autograde.autograde_preprocessors = ["autograder.grading.plugin.Grade"]
c.Autograde.pre_convert_hook = "autograder.grading.plugin.make_known"
c.Autograde.post_convert_hook = "autograder.grading.plugin.keep_only_the_notebook"

# A page made from a student's notebook must not run what the student wrote into it. nbgrader's own templates, for
# feedback and for formgrader, ignore sanitize_html; the preprocessor cleans what they are given.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.preprocessors = ["nbconvert.preprocessors.sanitize.SanitizeHTML"]
c.GenerateFeedback.exporter_class = "course.exporting.ReadableHTML"
