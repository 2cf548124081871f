"""Sets a machine up: `make run` and its like, on nothing but a Python.

Runs before any package is installed, so everything here but `messages` needs the standard library alone.
"""
