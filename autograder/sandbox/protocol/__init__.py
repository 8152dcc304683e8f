"""What both sides of the sandbox's wall import: the form of messages, and how a call is observed."""
