"""Django's SQLite, with connections that outlive a request.

Opening a connection costs more than all queries of most pages. Kept ones go through Django's health check at the start
of each request, which for SQLite asks nothing; here it notices that the database was restored, that is, has become
another file. What would be written to the former one would be lost.

Moments are read on the short way: a list of stories has hundreds, at 4 us each.
"""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

from django.db.backends.sqlite3 import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    """What SQLite's values mean."""

    def convert_datetimefield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return a stored moment: text in ISO 8601 without an offset, in the zone of the connection."""
        if isinstance(value, str):
            try:
                found = datetime.fromisoformat(value)
            except ValueError:
                return super().convert_datetimefield_value(value, expression, connection)
            return found if found.tzinfo else found.replace(tzinfo=self.connection.timezone)
        return super().convert_datetimefield_value(value, expression, connection)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to one file, to be used for as long as that file stands under its name."""

    ops_class = DatabaseOperations
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
