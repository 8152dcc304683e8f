"""Trusted grading, a module a step: intake, rebuilding, running, scoring, wording, recording; ``grade`` puts them together."""
