"""The demo newsroom: a small paper of invented stories, so that a new installation has something to read and to decide.

`stories/`, `threads/` and `paper.toml` hold what it consists of; the modules put it in by the same services that the
desk uses, and take it out again.
"""
