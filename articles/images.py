"""The picture library: what is taken in, said of pictures, and taken from pages again.

Each service records the act and bumps what it changes in one transaction. Files are no part of a transaction: they are
written before the row that names them, and removed after the row that named them is gone.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files import File
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.db.models import F

from articles import licences, refusals, renditions, reprojection
from articles.imaging import containers, sandbox
from articles.imaging.errors import Unfit
from articles.models import Image, PublicationRef
from newsroom.core import audit, tasks
from newsroom.core.models import User

MOST_BYTES = 25 * 1024 * 1024
# Format -> how names of such files may end. A name without an ending says nothing, and is let pass.
ENDINGS = {
    "JPEG": {".jpg", ".jpeg", ".jpe", ".jfif"},
    "PNG": {".png"},
    "GIF": {".gif"},
    "WEBP": {".webp"},
    "AVIF": {".avif"},
}
# What people say of a picture.
DETAILS = frozenset(
    {
        *("title", "alt_text", "alt_text_en", "caption", "caption_en"),
        *("credit", "licence", "licence_until", "is_ai_generated"),
    }
)
# What must stand right on every page in the same moment; the rest follows by a task.
URGENT = frozenset({"credit", "licence", "licence_until", "is_ai_generated"})
LONGEST_TITLE = 200


# Taking in


def ingest(upload: File[bytes], *, by: User | None, at: datetime, title: str = "", **fields: Any) -> Image:
    """Take a file into the library and return its picture: a clean copy, without anything the file said beside it.

    The content decides what it is. The same picture twice is one: `was_known` is then True, and what stands there stays
    (out of the archive, if it lay there). Title, caption and credit are taken from the file where `fields` (DETAILS)
    say nothing. Renditions follow by a task. Raises UnfitPicture and PictureTakenDown; takes seconds for large files,
    so call it outside `atomic()`.
    """
    _known_fields(fields)
    with TemporaryDirectory(prefix="newsroom-picture-") as folder:
        source, target = Path(folder, "source"), Path(folder, "clean")
        try:
            _receive(upload, source)
            answer = sandbox.clean(source, target)
        except Unfit as unfit:
            raise refusals.UnfitPicture(unfit.code, **unfit.facts) from unfit
        found: dict[str, str] = answer["found"]
        stem = PurePath(upload.name or "").stem.replace("_", " ").replace("-", " ").strip()
        said: dict[str, Any] = {name: found[name] for name in ("caption", "credit") if name in found}
        said |= {name: value for name, value in fields.items() if value not in ("", None)}
        said["title"] = (title or found.get("title", "") or stem or "-")[:LONGEST_TITLE]
        size = {name: answer[name] for name in ("format", "width", "height")}
        return _keep(target, said | size, by=by, at=at)


def _receive(upload: File[bytes], source: Path) -> None:
    """Write the upload to `source`, a piece at a time; refuse by size and by its first bytes before it is all there."""
    received = 0
    with source.open("wb") as target:
        for piece in upload.chunks():
            if not received:
                _compare_name(upload.name or "", containers.kind_of(piece))
            received += len(piece)
            if received > MOST_BYTES:
                raise Unfit("too_many_bytes", most=MOST_BYTES // (1024 * 1024))
            target.write(piece)
    if not received:
        raise Unfit("empty")


def _compare_name(name: str, kind: str) -> None:
    """Refuse a file whose name says something else than its content."""
    ending = PurePath(name).suffix.lower()
    if ending and ending not in ENDINGS[kind]:
        raise Unfit("mislabelled", extension=ending[1:][:10], kind=kind)


def _keep(clean: Path, fields: dict[str, Any], *, by: User | None, at: datetime) -> Image:
    """Return the picture of this content: the one there is, or a new one whose file is in place before its row."""
    content = clean.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if (known := Image.objects.filter(digest=digest).first()) is not None:
        return _welcome_back(known, by=by, at=at)
    storage = storages["originals"]
    name = f"{digest[:2]}/{digest}.{'png' if fields['format'] == 'PNG' else 'jpg'}"
    if storage.exists(name):
        # Left by an upload that was cut off.
        storage.delete(name)
    with clean.open("rb") as file:
        stored = storage.save(name, File(file))
    try:
        with transaction.atomic():
            image = Image.objects.create(
                **fields, digest=digest, original=stored, byte_size=len(content), uploaded_by=by, uploaded_at=at
            )
            audit.record("image.upload", image, by=by, at=at)
            tasks.enqueue(renditions.render_task, image.pk)
    except IntegrityError:
        # Somebody uploaded the same in this moment.
        return _welcome_back(Image.objects.get(digest=digest), by=by, at=at)
    return image


def _welcome_back(known: Image, *, by: User | None, at: datetime) -> Image:
    if known.taken_down_at is not None:
        raise refusals.PictureTakenDown
    if known.archived_at is not None:
        unarchive(known, by=by, at=at)
    known.was_known = True
    return known


# Saying


@transaction.atomic
def update_details(image: Image, *, version: int, by: User | None, at: datetime, **fields: Any) -> list[str]:
    """Change what is said of a picture (DETAILS); return the names of what really changed.

    Credit, licence and AI label stand right on all pages with the commit, the rest a moment later. Planned publications
    that would begin after the licence ends are voided. Raises StalePicture when `version` is not the one in the
    library, PictureTakenDown.
    """
    _known_fields(fields)
    reprojection.lock_named_in(PublicationRef.Kind.IMAGE, image.pk, at=at)
    current = _claim(image, version)
    changed = [name for name, value in fields.items() if getattr(current, name) != value]
    if not changed:
        return []
    for name in changed:
        setattr(image, name, fields[name])
    _write(image, *changed)
    audit.record("image.update", image, by=by, at=at, fields=sorted(changed))
    if "licence_until" in changed:
        licences.enforce(image, by=by, at=at)
    renditions.show_changes(image, at=at, at_once=bool(URGENT.intersection(changed)))
    return changed


@transaction.atomic
def set_focal_point(image: Image, x: int, y: int, *, version: int, by: User | None, at: datetime) -> None:
    """Cut the picture about another point (per cent from left and top).

    New cuts are made by a task; until then, and for pages of the past, the old ones stand. Raises StalePicture,
    PictureTakenDown, ValueError for a point outside.
    """
    if not (0 <= x <= 100 and 0 <= y <= 100):
        raise ValueError("A focal point lies within the picture.")
    current = _claim(image, version)
    if (current.focal_x, current.focal_y) == (x, y):
        return
    image.focal_x, image.focal_y = x, y
    _write(image, "focal_x", "focal_y")
    audit.record("image.focal_point", image, by=by, at=at, x=x, y=y)
    tasks.enqueue(renditions.render_task, image.pk)


@transaction.atomic
def archive(image: Image, *, by: User | None, at: datetime) -> None:
    """Take a picture out of what stories may choose; where it stands it stays. Twice does no more."""
    if Image.objects.filter(pk=image.pk, archived_at__isnull=True).update(archived_at=at, version=F("version") + 1):
        image.refresh_from_db()
        audit.record("image.archive", image, by=by, at=at)


@transaction.atomic
def unarchive(image: Image, *, by: User | None, at: datetime) -> None:
    """Let stories choose the picture again."""
    if Image.objects.filter(pk=image.pk, archived_at__isnull=False).update(archived_at=None, version=F("version") + 1):
        image.refresh_from_db()
        audit.record("image.unarchive", image, by=by, at=at)


@transaction.atomic
def retry(image: Image, *, by: User | None, at: datetime) -> None:
    """Have the renditions of a picture made once more after that failed."""
    if Image.objects.filter(pk=image.pk, state=Image.State.FAILED).update(state=Image.State.PENDING):
        image.refresh_from_db()
        audit.record("image.retry", image, by=by, at=at)
        tasks.enqueue(renditions.render_task, image.pk)


@transaction.atomic
def take_down(image: Image, *, ground: str, by: User | None, at: datetime) -> None:
    """Take a picture from every page, for good: its addresses answer 410 with the commit, its files are removed.

    The row stays, so that the same file is refused when it is uploaded again. Raises ReasonMissing, PictureTakenDown.
    """
    if not ground.strip():
        raise refusals.ReasonMissing
    reprojection.lock_named_in(PublicationRef.Kind.IMAGE, image.pk, at=at)
    marks = {"taken_down_at": at, "takedown_ground": ground.strip()[:300], "version": F("version") + 1}
    if not Image.objects.filter(pk=image.pk, taken_down_at__isnull=True).update(**marks):
        raise refusals.PictureTakenDown
    image.refresh_from_db()
    audit.record("image.take_down", image, by=by, at=at)
    renditions.show_changes(image, at=at, at_once=True)
    tasks.enqueue(renditions.remove_files_task, image.pk)
    # So that no worker has to come by first; the task stands for the case that this process dies here.
    transaction.on_commit(lambda: renditions.remove_files(image.pk), robust=True)


def _known_fields(fields: dict[str, Any]) -> None:
    if unknown := set(fields) - DETAILS:
        raise TypeError(f"Nothing is known of {', '.join(sorted(unknown))}.")


def _claim(image: Image, version: int) -> Image:
    """Raise the picture's version if it is the one that was seen, and return the row as it stood."""
    if not Image.objects.filter(pk=image.pk, version=version, taken_down_at__isnull=True).update(version=version + 1):
        image.refresh_from_db()
        raise refusals.PictureTakenDown if image.taken_down_at else refusals.StalePicture
    current = Image.objects.get(pk=image.pk)
    image.version = version + 1
    return current


def _write(image: Image, *names: str) -> None:
    image.save(update_fields=list(names))
