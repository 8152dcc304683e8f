"""The only place that touches untrusted code.

``sandbox.process`` starts a confined interpreter and talks to it; ``sandbox.bubblewrap`` says what that interpreter
may see; ``sandbox.inside`` is what runs in there.
"""
