"""The judge and its rules: order, evidence, and holding when anything goes wrong."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest

from comments.moderation import judge as judging
from comments.moderation.judge import judge
from comments.moderation.rules import RULES, Rule
from comments.moderation.submission import Submission
from comments.moderation.verdict import Action, Verdict, hold, spam
from newsroom.core.http import Origin

CALM = Submission(name="Rea", text="Selat itu dibuka lagi, dan harga minyak turun.")


def holds(submission: Submission) -> Verdict | None:
    return hold("holds")


def spams(submission: Submission) -> Verdict | None:
    return spam("spams")


def breaks(submission: Submission) -> Verdict | None:
    raise RuntimeError("This rule is broken.")


def exits(submission: Submission) -> Verdict | None:
    raise SystemExit(1)


def rules_of(verdict: Verdict | None) -> list[str]:
    return [finding.rule for finding in verdict.findings] if verdict else []


def test_no_objection_is_no_verdict():
    assert judge(CALM) is None


def test_holds_are_collected_and_spam_ends_it():
    verdict = judge(CALM, (holds, holds, spams, breaks))
    assert verdict is not None
    assert (verdict.action, rules_of(verdict)) == (Action.SPAM, ["holds", "holds", "spams"])


def test_failing_rule_holds_and_the_others_are_asked():
    verdict = judge(CALM, (breaks, holds))
    assert verdict is not None
    assert (verdict.action, rules_of(verdict)) == (Action.HOLD, ["rule_failed", "holds"])
    assert verdict.findings[0].detail == "breaks"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_rule_that_ends_its_thread_holds():
    verdict = judge(CALM, (holds, exits))
    assert verdict is not None
    assert (verdict.action, rules_of(verdict)) == (Action.HOLD, ["holds", "rule_timeout"])


def test_hanging_rule_holds_in_time():
    release = threading.Event()

    def hangs(submission: Submission) -> Verdict | None:
        release.wait(30)
        return None

    begun = time.monotonic()
    verdict = judge(CALM, (holds, hangs), seconds=0.1)
    assert time.monotonic() - begun < 2
    assert verdict is not None
    assert (verdict.action, rules_of(verdict)) == (Action.HOLD, ["holds", "rule_timeout"])
    assert verdict.findings[-1].detail == "hangs"
    release.set()


def test_busy_rule_holds_in_time():
    stop = threading.Event()

    def spins(submission: Submission) -> Verdict | None:
        while not stop.is_set():
            pass
        return None

    begun = time.monotonic()
    verdict = judge(CALM, (spins,), seconds=0.1)
    stop.set()
    assert time.monotonic() - begun < 2
    assert rules_of(verdict) == ["rule_timeout"]


def test_many_hanging_rules_hold_without_more_threads(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(judging, "_places", threading.BoundedSemaphore(1))
    release = threading.Event()

    def hangs(submission: Submission) -> Verdict | None:
        release.wait(30)
        return None

    assert rules_of(judge(CALM, (hangs,), seconds=0.05)) == ["rule_timeout"]
    assert rules_of(judge(CALM, (hangs,), seconds=0.05)) == ["judge_busy"]
    release.set()


@pytest.mark.parametrize(
    ("submission", "rule", "action"),
    [
        (Submission("Rea", CALM.text, honeypot="x"), "honeypot", Action.SPAM),
        (Submission("Rea", CALM.text, spam_twins=1), "known_spam", Action.SPAM),
        (Submission("Rea", CALM.text, origin=Origin.ABSENT), "no_origin", Action.HOLD),
        (Submission("Rea", CALM.text, form_age=timedelta(seconds=2)), "too_fast", Action.HOLD),
        (Submission("Rea", CALM.text, twins=2), "duplicate", Action.HOLD),
        (Submission("Rea", "Baca http://contoh.example"), "links", Action.HOLD),
        (Submission("Rea", "Baca www.contoh.example"), "links", Action.HOLD),
        (Submission("Rea", "Baca contoh.xyz saja"), "links", Action.HOLD),
        (Submission("Rea", "Main di PELANGI88 yuk"), "brand", Action.HOLD),
        (Submission("PELANGI88", CALM.text), "brand", Action.HOLD),
        (Submission("Rea", "Main di p e l a n g i 8 8 8"), "brand", Action.HOLD),
        (Submission("Rea", "Main di pelangi4d"), "brand", Action.HOLD),
        (Submission("Rea", "𝐏𝐞𝐥𝐚𝐧𝐠𝐢 itu"), "disguise", Action.HOLD),
        (Submission("𝐏𝐞𝐥𝐚𝐧𝐠𝐢", CALM.text), "disguise", Action.HOLD),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_rule(submission: Submission, rule: str, action: Action):
    verdict = judge(submission)
    assert verdict is not None
    assert verdict.action is action
    assert rule in rules_of(verdict)


@pytest.mark.parametrize(
    "text",
    [
        "Su-57, S-400, F-16, MiG-29, B-52, T-72, G20 dan BRICS+ disebut dalam laporan.",
        "Pasal33 ayat2, resolusi2231, covid19, Densus88, tahun2024, Jakarta2026, type055.",
        "Menurut Kompas.id dan laman kemlu.go.id, hal itu benar. Setuju.Tapi belum tentu.",
        "Rp15.000 per 10kg, 3x24 jam, 90persen, 5G, 4x4, 100km, pukul 14.05 WIB.",
        "PBB, ASEAN, NATO, AS-Cina, U.S., a.n. Dewan, d.a. Jl. Merdeka 17, Jakarta 10110.",
    ],
)
def test_words_of_the_beat_are_no_findings(text: str):
    assert judge(Submission(name="Rea", text=text)) is None


def test_the_order_is_the_policy():
    names = [rule.__name__ for rule in RULES]
    assert names == [
        "honeypot", "banned_word", "known_spam", "no_origin", "too_fast", "first_time",
        "held_word", "duplicate", "links", "long_text", "brand", "disguise",
    ]  # fmt: skip


def test_rules_are_pure():
    rule: Rule
    for rule in RULES:
        assert rule(CALM) == rule(CALM)
