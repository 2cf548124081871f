"""Renditions: made in tasks, named by their content, kept for as long as a page names them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from articles import reprojection
from articles.imaging import sandbox
from articles.imaging.errors import Unfit
from articles.models import Contributor, Image, Publication, PublicationRef, Rendition, Topic
from newsroom.core import surfaces, tasks

FULL = Rendition.Shape.FULL
MIDDLE = (50, 50)
# Pages that were loaded before a new cut was made still ask for the old one.
KEEP_OLD = timedelta(days=1)


# Making


def render(image_id: int, *, at: datetime) -> int:
    """Make the renditions a picture lacks, as its focal point stands; return how many.

    A shape's rows appear all at once, after their files. Two that run at the same time leave one set; a run that was
    cut off leaves files that the next one writes over. What cannot be read is marked FAILED.
    """
    image = Image.objects.filter(pk=image_id, taken_down_at__isnull=True).first()
    if image is None:
        return 0
    lacking = _lacking(image)
    made: list[dict[str, Any]] = []
    if lacking:
        with TemporaryDirectory(prefix="newsroom-renditions-") as folder:
            source = Path(folder, "source")
            with image.original.open("rb") as original, source.open("wb") as target:
                shutil.copyfileobj(original, target)
            try:
                made = sandbox.render(source, Path(folder), focal=(image.focal_x, image.focal_y), shapes=lacking)
            except Unfit:
                Image.objects.filter(pk=image_id, state=Image.State.PENDING).update(state=Image.State.FAILED)
                return 0
            for file in made:
                _store(Path(folder, file["name"]), file["byte_size"])
    _record(image, made, at=at)
    show_changes(image, at=at, at_once=True)
    return len(made)


def _lacking(image: Image) -> list[str]:
    """Return the shapes that have no renditions about the picture's focal point."""
    rows = Rendition.objects.filter(image=image)
    standing = set(rows.values_list("shape", "focal_x", "focal_y").distinct())
    return [shape for shape in Rendition.Shape.values if (shape, *_point(image, shape)) not in standing]


def _point(image: Image, shape: str) -> tuple[int, int]:
    """Return the point a shape is cut about; uncropped ones are the same about any."""
    return MIDDLE if shape == FULL else (image.focal_x, image.focal_y)


def _store(path: Path, byte_size: int) -> None:
    """Put a file where its name says, unless it lies there whole."""
    storage, name = storages["renditions"], path.name
    if storage.exists(name):
        if storage.size(name) == byte_size:
            return
        storage.delete(name)
    with path.open("rb") as file:
        storage.save(name, File(file))


@transaction.atomic
def _record(image: Image, made: Iterable[dict[str, Any]], *, at: datetime) -> None:
    """Write the rows, unless the picture was taken down while they were made; then the files go again."""
    locked = Image.objects.select_for_update().get(pk=image.pk)
    rows = []
    for file in made:
        x, y = _point(image, file["shape"])
        rows.append(Rendition(image=image, focal_x=x, focal_y=y, created_at=at, **file))
    Rendition.objects.bulk_create(rows, ignore_conflicts=True)
    if locked.taken_down_at is not None:
        transaction.on_commit(lambda: remove_files(image.pk), robust=True)
        return
    Image.objects.filter(pk=image.pk).update(state=Image.State.READY)
    # Lists show the renditions there are; stories keep theirs, and are rebuilt afterwards.
    _bump_lists(image)
    if made:
        tasks.enqueue(retire_task, image.pk, run_after=at + KEEP_OLD)


# Showing


def show_changes(image: Image, *, at: datetime, at_once: bool) -> None:
    """Have pages show a picture as it is now: stories in this transaction or by a task, lists of topics and people now.

    Each story is locked in turn, in the order of their ids, as everywhere.
    """
    with transaction.atomic():
        _bump_lists(image)
        if not at_once:
            tasks.enqueue(reprojection.reproject_task, str(PublicationRef.Kind.IMAGE), image.pk)
    if at_once:
        reprojection.reproject(PublicationRef.Kind.IMAGE, image.pk, at=at)


def _bump_lists(image: Image) -> None:
    """Say that the pages of topics and people change that show the picture, and the front page with its portraits."""
    topics = Topic.objects.filter(image=image).values_list("pk", flat=True)
    people = Contributor.objects.filter(portrait=image).values_list("pk", flat=True)
    surfaces.bump(*(surfaces.topic(pk) for pk in topics), *(surfaces.contributor(pk) for pk in people))


# Removing


def remove_files(image_id: int) -> int:
    """Remove the files of a picture that was taken down; return how many. Its rows stay, and answer 410."""
    image = Image.objects.filter(pk=image_id, taken_down_at__isnull=False).first()
    if image is None:
        return 0
    names = set(Rendition.objects.filter(image=image).values_list("name", flat=True))
    image.original.delete(save=False)
    return 1 + _remove(names, but_for=image)


def retire(image_id: int, *, at: datetime) -> int:
    """Remove the cuts about former focal points that no publication names any more; return how many.

    Publications of the past name theirs too, as long as they may be shown.
    """
    image = Image.objects.filter(pk=image_id, taken_down_at__isnull=True).first()
    if image is None:
        return 0
    old = Rendition.objects.filter(image=image, created_at__lte=at - KEEP_OLD).exclude(shape=FULL)
    former = [row for row in old if (row.focal_x, row.focal_y) != (image.focal_x, image.focal_y)]
    if not former or _lacking(image):
        return 0
    naming = Publication.objects.filter(
        refs__kind=PublicationRef.Kind.IMAGE, refs__object_id=image.pk, suppressed_at__isnull=True
    ).values_list("lead_image", "images")
    words = " ".join(f"{lead} {figures}" for lead, figures in naming)
    unused = [row for row in former if row.name not in words]
    Rendition.objects.filter(pk__in=[row.pk for row in unused]).delete()
    return _remove({row.name for row in unused})


def _remove(names: set[str], *, but_for: Image | None = None) -> int:
    """Delete these files, except those that another picture's renditions are as well."""
    others = Rendition.objects.filter(name__in=names)
    if but_for is not None:
        others = others.filter(image__taken_down_at__isnull=True)
    doomed = names - set(others.values_list("name", flat=True))
    for name in doomed:
        storages["renditions"].delete(name)
    return len(doomed)


@tasks.task(retries=4, deadline_seconds=300)
def render_task(image_id: int) -> int:
    """Run `render` in the background."""
    return render(image_id, at=timezone.now())


@tasks.task(retries=6)
def remove_files_task(image_id: int) -> int:
    """Run `remove_files` in the background."""
    return remove_files(image_id)


@tasks.task()
def retire_task(image_id: int) -> int:
    """Run `retire` in the background."""
    return retire(image_id, at=timezone.now())
