"""Pictures as bytes: what a file really is, a clean copy of it, and the sizes and cuts that readers get.

Nothing here knows Django or the library. `sandbox` is the way in: it has `worker` do the work in a process of its own.
"""
