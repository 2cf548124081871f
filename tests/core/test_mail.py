"""Mail is queued once, sent once, and never lost: against a real server, honest and faulty."""

from __future__ import annotations

import email
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from newsroom.core import leases, mail, postman
from newsroom.core.models import OutboxMail, WorkerLease
from tests.core.conftest import Start, wait_until

AT = datetime(2026, 8, 12, 7, 5, tzinfo=UTC)
DONE = "250 Message accepted for delivery"


class Sink:
    """A mail server's manners: what it answers to RCPT and DATA, one answer a mail, then accepts."""

    def __init__(self) -> None:
        self.received: list[Message] = []
        self.to_recipients: list[str] = []
        self.to_data: list[str] = []
        self.port = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_recipients:
            return self.to_recipients.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.to_data.pop(0) if self.to_data else DONE
        if answer == "close":
            # The mail is there, the answer never comes: the case nobody can tell from the other side.
            self.received.append(email.message_from_bytes(envelope.content or b""))
            assert server.transport is not None
            server.transport.abort()
            return DONE
        if answer == DONE:
            self.received.append(email.message_from_bytes(envelope.content or b""))
        return answer


class FreePortController(Controller):
    """A controller that lets the system choose the port, and then knocks at that one."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    sink = Sink()
    controller = FreePortController(sink, hostname="127.0.0.1", port=0, ready_timeout=30)
    controller.start()
    sink.port = controller.port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 20
    yield sink
    controller.stop()


def queue(event: str = "comment.approved:1", to: str = "rea@example.org", kind: str = "notice") -> OutboxMail:
    return mail.queue_text(event, to, "Komentar Anda terbit", "Halo Rea,\nsudah terbit.", at=AT, kind=kind)


def deliver(at: datetime = AT) -> int:
    return postman.deliver(at, worker_id="w1")


@pytest.mark.django_db
def test_one_mail_for_each_event_and_person() -> None:
    first = queue()
    assert queue() == first
    assert queue(to="rea@EXAMPLE.org") == first
    assert queue(to="tom@example.org") != first
    assert queue(event="comment.approved:2") != first
    assert OutboxMail.objects.count() == 3


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_one_mail_however_many_queue_it_at_once() -> None:
    def post() -> None:
        queue()
        connection.close()

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert OutboxMail.objects.count() == 1


@pytest.mark.django_db
def test_mail_goes_out_whole_with_its_headers(sink: Sink) -> None:
    queued = queue()
    assert deliver() == 1
    (message,) = sink.received
    assert message["To"] == "rea@example.org"
    assert message["Subject"] == "Komentar Anda terbit"
    assert message["Message-ID"] == queued.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert message.get_payload(decode=True) == b"Halo Rea,\r\nsudah terbit.\r\n"
    queued.refresh_from_db()
    assert (queued.sent_at, queued.body_text) == (AT, "")
    assert deliver() == 0


@pytest.mark.django_db
def test_mail_waits_for_its_moment_and_can_be_taken_back(sink: Sink) -> None:
    mail.queue_text("e", "rea@example.org", "S", "T", at=AT, send_after=AT + timedelta(minutes=5))
    assert deliver(AT + timedelta(minutes=4)) == 0
    assert mail.cancel("e") == 1
    assert deliver(AT + timedelta(minutes=6)) == 0


@pytest.mark.parametrize(
    "address",
    ["rea@example.org\nBcc: tom@example.org", "rea@example.org, tom@example.org", "rea", "", "Rea <rea@example.org>"],
)
@pytest.mark.django_db
def test_what_is_no_single_address_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        queue(to=address)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0b", "\x85"])
@pytest.mark.django_db
def test_a_subject_brings_no_headers_with_it(sink: Sink, end: str) -> None:
    mail.queue_text("e", "rea@example.org", f"Halo{end}Bcc: tom@example.org{end}{end}x", "T", at=AT)
    deliver()
    (message,) = sink.received
    assert message["Bcc"] is None
    assert len(message.get_all("To", [])) == 1
    assert "Halo Bcc" in str(email.header.make_header(email.header.decode_header(message["Subject"])))


@pytest.mark.django_db
def test_a_refusal_for_now_is_tried_again_later(sink: Sink) -> None:
    queued = queue()
    sink.to_data = ["451 Try again later"]
    assert deliver() == 0
    queued.refresh_from_db()
    assert (queued.error, queued.claimed_at, queued.send_after) == ("451", None, AT + timedelta(minutes=1))
    assert deliver() == 0
    assert deliver(queued.send_after) == 1
    assert [message["Message-ID"] for message in sink.received] == [queued.message_id]


@pytest.mark.django_db
def test_pauses_grow_and_end(sink: Sink) -> None:
    queued = queue()
    at, pauses = AT, []
    sink.to_recipients = ["451 Try again later"] * postman.MAX_ATTEMPTS
    while not queued.failed_at:
        deliver(at)
        queued.refresh_from_db()
        pauses.append(queued.send_after - at)
        at = queued.send_after
    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert max(pauses) == postman.LONGEST_PAUSE
    assert queued.attempts == postman.MAX_ATTEMPTS


@pytest.mark.parametrize("where", ["to_recipients", "to_data"])
@pytest.mark.django_db
def test_a_refusal_for_good_fails_and_the_next_mail_goes_on(sink: Sink, where: str) -> None:
    refused = queue()
    other = queue(event="comment.approved:2")
    setattr(sink, where, ["550 No such person"])
    assert deliver() == 1
    refused.refresh_from_db()
    assert (refused.failed_at, refused.error) == (AT, "550")
    assert [message["Message-ID"] for message in sink.received] == [other.message_id]


@pytest.mark.django_db
def test_a_notice_whose_exchange_broke_off_is_uncertain_and_not_sent_again(sink: Sink) -> None:
    queued = queue()
    sink.to_data = ["close"]
    assert deliver() == 0
    queued.refresh_from_db()
    assert queued.uncertain_at == AT
    assert deliver(AT + timedelta(days=1)) == 0
    assert len(sink.received) == 1


@pytest.mark.django_db
def test_a_receipt_whose_exchange_broke_off_is_sent_again_under_the_same_id(sink: Sink) -> None:
    queued = queue(kind="receipt")
    sink.to_data = ["close"]
    deliver()
    assert deliver(AT + timedelta(minutes=2)) == 1
    assert [message["Message-ID"] for message in sink.received] == [queued.message_id] * 2


@pytest.mark.django_db
def test_without_a_server_mail_waits(settings: Settings, sink: Sink) -> None:
    for number in range(3):
        queue(event=f"e{number}", kind="notice")
    settings.EMAIL_PORT, port = 1, settings.EMAIL_PORT
    assert deliver() == 0
    assert OutboxMail.objects.filter(claimed_at__isnull=True, uncertain_at__isnull=True).count() == 3
    # The rest of the batch was not even tried.
    assert OutboxMail.objects.filter(attempts=1).count() == 1
    settings.EMAIL_PORT = port
    assert deliver(AT + timedelta(hours=1)) == 3


@pytest.mark.django_db
def test_a_mail_is_claimed_by_one_worker() -> None:
    queued = queue()
    same = OutboxMail.objects.get()
    assert postman.claim(queued, AT, "w1")
    assert not postman.claim(same, AT, "w2")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "is_in_exchange", "is_waiting", "is_uncertain"),
    [("notice", False, True, False), ("notice", True, False, True), ("receipt", True, True, False)],
)
def test_what_a_dead_worker_had_claimed(kind: str, is_in_exchange: bool, is_waiting: bool, is_uncertain: bool) -> None:
    queued = queue(kind=kind)
    postman.claim(queued, AT, "dead")
    if is_in_exchange:
        OutboxMail.objects.update(exchange_at=AT)
    leases.beat("dead", AT)
    assert postman.recover(AT + timedelta(seconds=5)) == 0
    assert postman.recover(AT + timedelta(seconds=leases.LEASE_SECONDS + 1)) == 1
    queued.refresh_from_db()
    assert (queued.claimed_at is None) == is_waiting
    assert (queued.uncertain_at is not None) == is_uncertain


@pytest.mark.django_db
def test_old_mails_are_deleted_waiting_ones_never(sink: Sink) -> None:
    queue()
    deliver()
    queue(event="waiting")
    assert postman.prune(AT + timedelta(days=31)) == 1
    assert OutboxMail.objects.get().event == "waiting"


def test_a_kill_within_the_exchange_repeats_receipts_and_no_notices(sink: Sink, start_worker: Start) -> None:
    release = threading.Event()

    async def handle_data(server: SMTP, session: Session, envelope: Envelope) -> str:
        sink.received.append(email.message_from_bytes(envelope.content or b""))
        time.sleep(0 if release.is_set() else 2)
        return DONE

    sink.handle_DATA = handle_data  # type: ignore[method-assign]
    url = f"smtp://127.0.0.1:{sink.port}"
    for kind in ("notice", "receipt"):
        sink.received.clear()
        release.clear()
        with transaction.atomic():
            queued = queue(event=kind, kind=kind)
        process = start_worker(EMAIL_URL=url)
        wait_until(lambda: sink.received)
        process.kill()
        process.wait()
        release.set()
        WorkerLease.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=leases.LEASE_SECONDS))
        postman.recover(timezone.now())
        postman.deliver(timezone.now() + timedelta(minutes=5), worker_id="w2")
        queued.refresh_from_db()
        expected = [queued.message_id] * (2 if kind == "receipt" else 1)
        assert [message["Message-ID"] for message in sink.received] == expected
        assert bool(queued.uncertain_at) == (kind == "notice")
        assert bool(queued.sent_at) == (kind == "receipt")
