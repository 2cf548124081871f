"""Finished public pages, kept in each web process and dropped by the writes that change them.

A view says what its page shows (`shows`), and until when it is true at most (`true_until`); a page whose view says
nothing is never kept. `layer.PageCache` stands in front of Django and does the rest. docs/decisions/ has the reasons.
"""

from __future__ import annotations

from newsroom.core.pagecache.collect import counts_for, is_kept, is_listening, kept, shows, true_until

__all__ = ["counts_for", "is_kept", "is_listening", "kept", "shows", "true_until"]
