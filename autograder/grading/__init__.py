"""Trusted grading, a module a step: intake, rebuilding, running, messages, recording; ``grade`` puts them together."""
