"""Files of pictures that no row names: what a process left that died between writing a file and writing its row."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.core.files.storage import Storage, storages

from articles.models import Image, Rendition

logger = logging.getLogger(__name__)

# Younger files may still get their row. Older ones were looked at before: if their rows are missing now, it is the
# database that is wrong (an old copy, another one), and files that cannot be made again must not pay for it.
YOUNGEST, OLDEST = timedelta(hours=1), timedelta(days=2)
# More than that no crash leaves.
MOST = 500
BATCH = 500


def sweep(*, at: datetime) -> int:
    """Delete files of the last two days that nothing names; return how many. Deletes none where there are too many.

    In a bucket nothing is swept: asking for the age of each file would cost more than the files do.
    """
    found = [
        *_unnamed(storages["originals"], lambda names: _known(Image, "original", names), at=at),
        *_unnamed(storages["renditions"], lambda names: _known(Rendition, "name", names), at=at),
    ]
    if len(found) > MOST:
        logger.warning("%d files of pictures are named by no row: is this the right database? None goes.", len(found))
        return 0
    for storage, name in found:
        storage.delete(name)
    return len(found)


def _known(model: type[Image] | type[Rendition], field: str, names: list[str]) -> set[str]:
    """Return those of `names` that rows have."""
    return set(model._default_manager.filter(**{f"{field}__in": names}).values_list(field, flat=True))


def _unnamed(storage: Storage, known: Callable[[list[str]], set[str]], *, at: datetime) -> list[tuple[Storage, str]]:
    """Return the files of `storage` of the age in question that no row has."""
    if hasattr(storage, "bucket_name"):
        return []
    young = [name for name in _files(storage) if at - OLDEST <= storage.get_modified_time(name) <= at - YOUNGEST]
    batches = [young[start : start + BATCH] for start in range(0, len(young), BATCH)]
    return [(storage, name) for batch in batches for name in sorted(set(batch) - known(batch))]


def _files(storage: Storage) -> Iterator[str]:
    """Yield the names of all files in a storage and in the folders of its root."""
    try:
        folders, files = storage.listdir("")
    except FileNotFoundError:
        return
    yield from files
    for folder in folders:
        yield from (f"{folder}/{name}" for name in storage.listdir(folder)[1])
