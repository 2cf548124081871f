"""Django's SQLite, with connections that outlive a request.

Opening a connection costs more than all queries of most pages. Kept ones go through Django's health check at the start
of each request, which for SQLite asks nothing; here it notices that the database was restored, that is, has become
another file. What would be written to the former one would be lost.
"""

from __future__ import annotations

import os
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to one file, to be used for as long as that file stands under its name."""

    _file: tuple[int, int] | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the database and remember which file it is."""
        # Asked first: a file put there meanwhile must not pass for the one that is opened.
        self._file = self._file_now()
        return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        """Say whether the file that is open still is the database."""
        return self._file == self._file_now()

    def _file_now(self) -> tuple[int, int] | None:
        """Return device and inode of the database; None for one in memory or gone."""
        try:
            found = os.stat(self.settings_dict["NAME"])
        except OSError:
            return None
        return found.st_dev, found.st_ino
