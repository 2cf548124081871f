"""Files that a crash left go; what may be the only copy of something does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.storage.memory import InMemoryStorage
from django.utils import timezone

from articles import sweeping
from tests.articles.pictures import make_image, name_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_storages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the test storages of its own."""
    fresh = {"originals": InMemoryStorage(), "renditions": InMemoryStorage()}
    monkeypatch.setattr(storages, "_storages", {**storages._storages, **fresh})


def leave(count: int = 1) -> list[str]:
    return [storages["originals"].save(f"ab/left{number}.jpg", ContentFile(b"x")) for number in range(count)]


def test_files_without_a_row_go_and_all_others_stay() -> None:
    image = make_image()
    left = leave()[0]
    lost = storages["renditions"].save("left.avif", ContentFile(b"x"))
    assert sweeping.sweep(at=timezone.now() + timedelta(hours=2)) == 2
    assert not storages["originals"].exists(left)
    assert not storages["renditions"].exists(lost)
    assert storages["renditions"].exists(name_of(image))


@pytest.mark.parametrize("age", [timedelta(minutes=59), timedelta(days=3)])
def test_files_on_their_way_and_old_ones_are_left_alone(age: timedelta) -> None:
    left = leave()[0]
    assert sweeping.sweep(at=timezone.now() + age) == 0
    assert storages["originals"].exists(left)


def test_where_very_many_are_unnamed_the_database_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "MOST", 2)
    left = leave(3)
    assert sweeping.sweep(at=timezone.now() + timedelta(hours=2)) == 0
    assert all(storages["originals"].exists(name) for name in left)
