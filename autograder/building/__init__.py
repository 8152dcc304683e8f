"""From a text notebook to what students get: text -> source notebook -> release notebook, with a scan for leaks."""
