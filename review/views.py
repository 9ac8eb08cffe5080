"""Records as the page's scripts read them: plain values, words already put plainly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from casefile.records import Decision, Due, Finding, Reviewed, ReviewedCase, Transcript, Turn
from review import plain
from review.changes import placed_words
from review.voices import Voice, samples

SHOWN_S = 1.0  # shorter stretches without words are breaths and coughs; transcript.json lists them all


def meeting_view(transcript: Transcript, labels: Sequence[str | None], voices: Sequence[Voice]) -> dict[str, Any]:
    """Return the transcript: one entry a turn, its words as offsets and milliseconds, and its voices."""
    places = {v.label: n for n, v in enumerate(voices)}
    return {
        "rough": transcript.engine.rough,
        "duration": transcript.recording.duration_s if transcript.recording else None,
        "voices": [voice_view(transcript, v) for v in voices],
        "turns": [
            _turn_view(turn, places.get(label) if label else None)
            for turn, label in zip(transcript.turns, labels, strict=True)
        ],
        "unheard": [
            {"a": u.start_s, "b": u.end_s, "why": u.why}
            for u in transcript.unheard
            if u.why != "silence" and u.end_s - u.start_s >= SHOWN_S
        ],
    }


def voice_view(transcript: Transcript, voice: Voice) -> dict[str, Any]:
    """Return one voice with the turns that show it best."""
    shown = samples(transcript, voice)
    return {
        "label": voice.label,
        "name": voice.name or "",
        "shown": voice.name or label_words(voice.label),
        "lines": len(voice.turns),
        "seconds": round(voice.spoken_s),
        "several": voice.several,
        "samples": [
            {
                "turn": p,
                "text": transcript.turns[p].text,
                "a": transcript.turns[p].start_s,
                "b": transcript.turns[p].end_s,
            }
            for p in shown
        ],
    }


def label_words(label: str) -> str:
    """Return a label as a parent reads it: "Voice 3" for "S3"; a name stays."""
    return f"Voice {label[1:]}" if label[:1] == "S" and label[1:].isdigit() else label


def _turn_view(turn: Turn, voice: int | None) -> dict[str, Any]:
    words: list[int] = []
    for (start, end), word in placed_words(turn):
        length = round((word.end_s - word.start_s) * 1000)
        words += [start, end - start, round(word.start_s * 1000), length]
    view: dict[str, Any] = {"v": voice, "t": turn.text, "a": turn.start_s, "b": turn.end_s, "w": words}
    if turn.doubt:
        view["d"] = turn.doubt
    if turn.several_voices:
        view["m"] = True
    if turn.heard is not None:
        view["h"] = turn.heard
    return view


def case_view(case: ReviewedCase, log: Sequence[Decision], undo_words: str | None) -> dict[str, Any]:
    """Return the findings as they stand, counted."""
    return {
        "findings": [finding_view(r) for r in case.findings],
        "counted": plain.counted(case.findings),
        "undo": undo_words,
        "last": log[-1].id if log else 0,
        "rough": case.rough,
    }


def finding_view(reviewed: Reviewed) -> dict[str, Any]:
    """Return one finding."""
    finding = reviewed.finding
    return {
        "id": finding.id,
        "kind": finding.kind,
        "word": plain.KIND_WORDS[finding.kind],
        "owner": shown_people(finding.owner),
        "speaker": shown_people(finding.speaker),
        "action": finding.action,
        "topic": finding.topic,
        "due": due_view(finding.due),
        "condition": finding.condition,
        "later": plain.status_words(finding),
        "quote": finding.quote,
        "turns": finding.turns,
        "anchors": finding.anchors,
        "said": [
            {"turn": s.turn, "who": shown_people(s.speaker), "text": s.text, "a": s.start_s, "b": s.end_s, "d": s.doubt}
            for s in finding.said
        ],
        "a": finding.start_s,
        "b": finding.end_s,
        "clock": plain.clock(finding.start_s),
        "sure": round(finding.confidence * 100),
        "doubtful": finding.doubtful,
        "why": why_words(finding),
        "notice": finding.notice.kind if finding.notice else None,
        "about": finding.notice.about if finding.notice else None,
        "links": finding.links,
        "verdict": reviewed.verdict,
        "heard": reviewed.heard,
    }


def due_view(due: Due | None) -> dict[str, Any] | None:
    """Return when something is due: the words, the day, and every reading to choose from."""
    if due is None:
        return None
    return {
        "phrase": due.phrase,
        "on": due.on.isoformat() if due.on else None,
        "words": plain.due_words(due),
        "candidates": [{"on": c.isoformat(), "words": plain.day(c)} for c in due.candidates],
    }


def shown_people(people: str | None) -> str | None:
    """Return the people of a finding with labels put plainly."""
    if people is None:
        return None
    return ", ".join(label_words(p) for p in people.split("; "))


def why_words(finding: Finding) -> str:
    """Return how sure the program is, in words."""
    if finding.why == "added by hand":
        return "You added this one."
    sure = "Fairly sure" if finding.confidence >= 0.75 else "Less sure" if finding.confidence >= 0.45 else "A guess"
    return f"{sure} ({round(finding.confidence * 100)} of 100)."


ACT_WORDS = {
    "keep": "keeping",
    "mend": "the change to",
    "drop": "leaving out",
    "add": "adding",
    "reset": "starting over with",
    "name_voice": "the name of",
    "merge_voices": "joining two voices",
    "several_people": "“several people” for",
    "move_line": "moving a line",
    "correct_line": "the corrected line",
}


def undo_view(decision: Decision | None, case: ReviewedCase) -> str | None:
    """Return what the next undo takes back, in words, or None where there is nothing."""
    if decision is None:
        return None
    if decision.group and decision.group.startswith(("merge-", "split-")):
        return "putting two together" if decision.group.startswith("merge") else "taking one apart"
    words = ACT_WORDS.get(decision.act, decision.act)
    if decision.finding_id:
        known = {r.finding.id: r.finding for r in case.findings}
        finding = known.get(decision.finding_id) or decision.finding
        return f"{words} “{finding.action}”" if finding else words
    voice = dict(decision.detail).get("voice")
    return f"{words} {label_words(voice)}" if voice and decision.act in ("name_voice", "several_people") else words
