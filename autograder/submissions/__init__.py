"""Takes what a learning platform gives, a zip or a folder, and files each notebook as its student's submission."""
