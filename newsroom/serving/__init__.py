"""What stands between the machine and Django: the supervisor of the processes, and the layer in front of every request.

Nothing here imports Django's models or our own packages; `processes`, `address`, `plan` and `supervisor` need the
standard library alone.
"""
