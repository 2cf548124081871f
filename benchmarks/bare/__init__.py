"""A Django project that does next to nothing: what any page costs at least under the same server."""
