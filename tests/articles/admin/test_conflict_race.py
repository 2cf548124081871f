"""Two saves at the same moment: one wins, the other is told; never both, never a mixture."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from articles.models import Article
from tests.articles.admin.desk import client_of, opened, save
from tests.factories import make_article, person

ROUNDS = 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_of_two_simultaneous_saves_one_wins_and_one_is_told() -> None:
    story = make_article()
    clients = {name: client_of(person(name)) for name in ("ada", "ed")}
    for number in range(ROUNDS):
        forms = {name: opened(client, story) for name, client in clients.items()}
        gate = threading.Barrier(2)
        codes: dict[str, int] = {}

        def race(name: str, number: int = number, gate: threading.Barrier = gate) -> None:
            try:
                gate.wait(10)
                said = {"title": f"Judul {name} {number}", "standfirst": f"Teras {name} {number}"}
                codes[name] = save(clients[name], story, forms[name], **said).status_code  # noqa: B023
            finally:
                connection.close()

        threads = [threading.Thread(target=race, args=(name,)) for name in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

        assert sorted(codes.values()) == [302, 409]
        winner = next(name for name, code in codes.items() if code == 302)
        now = Article.objects.get(pk=story.pk)
        assert (now.title, now.standfirst) == (f"Judul {winner} {number}", f"Teras {winner} {number}")
        assert now.revisions.count() == number + 2
