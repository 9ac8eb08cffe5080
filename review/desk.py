"""One case on the table: what was found, what was decided so far, and the deciding itself.

Both windows, the page and the terminal, work through a desk. Each decision is on the disk when its function returns.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from casefile.errors import CaseError
from casefile.records import Act, Decision, Finding, Findings, Kind, Plan, Reviewed, ReviewedCase, Transcript
from casefile.store import CaseStore
from review import changes, voices
from review.changes import Change, Marked
from review.decide import review_case
from review.log import heard_ids, last_undoable

Reading = tuple[int, int]  # when a file was written, and its size


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What an undo took back."""

    act: Act
    finding_ids: tuple[str, ...]
    voice: str | None


class Desk:
    """A case with its decisions; safe to use from several threads."""

    def __init__(self, store: CaseStore, *, by: str, now: Callable[[], datetime]) -> None:
        self.store, self.by, self._now = store, by, now
        self._guard = threading.RLock()
        self._heard: tuple[Reading, Transcript] | None = None
        self._found: tuple[Reading, Findings] | None = None
        self._log: tuple[Decision, ...] = ()
        self._voiced: tuple[Reading, int, Transcript] | None = None

    # --- reading -----------------------------------------------------------------------------

    def decisions(self) -> tuple[Decision, ...]:
        """Return the log, what other windows added included."""
        with self._guard:
            last = self._log[-1].id or 0 if self._log else 0
            self._log += self.store.decisions(after=last)
            return self._log

    def as_heard(self) -> Transcript | None:
        """Return the transcript as it was heard, or None so far."""
        with self._guard:
            reading = _reading(self.store.transcript_path)
            if reading is None:
                return None
            if self._heard is None or self._heard[0] != reading:
                transcript = self.store.read_transcript()
                if transcript is None:
                    return None
                self._heard = (reading, transcript)
            return self._heard[1]

    def transcript(self) -> Transcript | None:
        """Return the transcript with names, moves and corrections, or None so far."""
        with self._guard:
            heard = self.as_heard()
            if heard is None or self._heard is None:
                return None
            log = self.decisions()
            about_voices = max((d.id or 0 for d in log if d.act in VOICE_ACTS or d.act == "undo"), default=0)
            key = (self._heard[0], about_voices)
            if self._voiced is None or self._voiced[:2] != key:
                self._voiced = (*key, voices.apply_voices(heard, log))
            return self._voiced[2]

    def findings(self) -> Findings | None:
        """Return what was found, or None so far."""
        with self._guard:
            reading = _reading(self.store.findings_path)
            if reading is None:
                return None
            if self._found is None or self._found[0] != reading:
                findings = self.store.read_findings()
                if findings is None:
                    return None
                self._found = (reading, findings)
            return self._found[1]

    def case(self) -> ReviewedCase:
        """Return the case as reviewed so far; raises CaseError where nothing was looked for yet."""
        findings = self.findings()
        if findings is None:
            raise CaseError(
                "Nothing was looked for in this recording yet.",
                next_step="Let it be heard and searched first: `onrecord run RECORDING`.",
            )
        return review_case(findings, self.decisions(), self.store.read_facts(), self.transcript())

    def reviewed(self, finding_id: str) -> Reviewed:
        """Return one finding as it stands; raises CaseError for an unknown id."""
        for reviewed in self.case().findings:
            if reviewed.finding.id == finding_id:
                return reviewed
        raise CaseError("This finding is not in the case any more.", next_step="Load the page anew.")

    def heard(self) -> frozenset[str]:
        """Return the ids of the findings that were listened to."""
        return heard_ids(self.decisions())

    # --- findings ----------------------------------------------------------------------------

    def keep(self, *finding_ids: str) -> tuple[Decision, ...]:
        """Keep findings as they stand."""
        return self._each("keep", finding_ids)

    def drop(self, *finding_ids: str) -> tuple[Decision, ...]:
        """Leave findings out of every letter."""
        return self._each("drop", finding_ids)

    def reset(self, finding_id: str) -> tuple[Decision, ...]:
        """Put a finding back to as it was found, undecided."""
        return self._decide(self._decision("reset", finding_id=finding_id))

    def mend(self, finding_id: str, change: Change) -> Finding:
        """Keep a finding with other values; return it."""
        made = changes.mend(self.reviewed(finding_id).finding, change, plan=self.plan())
        self._decide(self._decision("mend", finding_id=finding_id, finding=made))
        return made

    def merge(self, finding_ids: Sequence[str]) -> Finding:
        """Put findings together into the first; return it. Raises CaseError for fewer than two."""
        if len(set(finding_ids)) < 2:
            raise CaseError("Only one finding is chosen.", next_step="Choose two or more to put together.")
        first, *others = (self.reviewed(x).finding for x in dict.fromkeys(finding_ids))
        made, group = changes.merge(first, *others), _new_id("merge")
        self._decide(
            self._decision("mend", finding_id=made.id, finding=made, group=group),
            *(self._decision("drop", finding_id=f.id, finding=f, group=group, note="merged") for f in others),
        )
        return made

    def split(self, finding_id: str, *, at: int = 1) -> tuple[Finding, Finding]:
        """Make two findings of one; return them."""
        kept, new = changes.split(self.reviewed(finding_id).finding, new_id=_new_id("added"), at=at)
        group = _new_id("split")
        self._decide(
            self._decision("mend", finding_id=kept.id, finding=kept, group=group),
            self._decision("add", finding_id=new.id, finding=new, group=group),
        )
        return kept, new

    def add(self, marked: Marked, *, kind: Kind, action: str, more: Change | None = None) -> Finding:
        """Add a finding the program missed; return it. Raises CaseError where no words are marked."""
        transcript = self.transcript()
        if transcript is None:
            raise CaseError("There is no transcript yet.", next_step="Let the recording be heard first.")
        made = changes.added(transcript, marked, new_id=_new_id("added"), kind=kind, action=action, plan=self.plan())
        if more is not None:
            made = changes.mend(made, more, plan=self.plan())
        self._decide(self._decision("add", finding_id=made.id, finding=made))
        return made

    def note_heard(self, finding_id: str) -> None:
        """Note that a finding was listened to; once is enough."""
        if finding_id not in self.heard():
            self._decide(self._decision("heard", finding_id=finding_id))

    def undo(self) -> Undone | None:
        """Take back the newest decision that holds, with its group; return what it was, or None."""
        with self._guard:
            last = last_undoable(self.decisions())
            if last is None:
                return None
            group = [d for d in self._log if last.group and d.group == last.group] or [last]
            self._decide(self._decision("undo", undoes=last.id))
        ids = tuple(d.finding_id for d in group if d.finding_id)
        return Undone(act=group[0].act, finding_ids=ids, voice=dict(last.detail).get("voice"))

    # --- voices ------------------------------------------------------------------------------

    def name_voice(self, voice: str, name: str) -> None:
        """Give a voice its name; an empty name takes it away."""
        self._about_voice("name_voice", voice=voice, name=" ".join(name.split()))

    def merge_voices(self, voice: str, into: str) -> None:
        """Take two voices for one person's."""
        if voice == into:
            raise CaseError("This is one voice already.", next_step="Choose another voice to join it with.")
        self._about_voice("merge_voices", voice=voice, into=into)

    def several_people(self, voice: str, several: bool) -> None:
        """Say that more than one person is heard under a label, so that nobody is named by it."""
        self._about_voice("several_people", voice=voice, several="yes" if several else "no")

    def move_lines(self, turns: Sequence[int], voice: str | None) -> None:
        """Give lines to another voice, to a new one ("new"), or to nobody (None)."""
        if voice == "new":
            voice = self._new_voice()
        group = _new_id("move") if len(turns) > 1 else None
        self._decide(
            *(self._decision("move_line", group=group, detail=(*self._line(t), ("voice", voice or ""))) for t in turns)
        )

    def correct_line(self, turn: int, text: str) -> None:
        """Put right what a line says; the heard words stay beside it."""
        text = " ".join(text.split())
        if not text:
            raise CaseError("A line cannot be empty.", next_step="Write what was said, or leave it as it was.")
        self._decide(self._decision("correct_line", detail=(*self._line(turn), ("text", text))))

    # --- the log -----------------------------------------------------------------------------

    def plan(self) -> Plan | None:
        """Return whether this is an IEP or a 504 meeting, as told or else as found."""
        told = self.store.read_facts().plan
        findings = self.findings()
        return told or (findings.plan if findings else None)

    def _each(self, act: Act, finding_ids: Sequence[str]) -> tuple[Decision, ...]:
        group = _new_id(act) if len(finding_ids) > 1 else None
        states = {r.finding.id: r for r in self.case().findings}
        made = []
        for finding_id in finding_ids:
            if finding_id not in states:
                raise CaseError("This finding is not in the case any more.", next_step="Load the page anew.")
            state = states[finding_id]
            note = "added" if state.finding.why == "added by hand" else ""
            made.append(self._decision(act, finding_id=finding_id, finding=state.finding, group=group, note=note))
        return self._decide(*made)

    def _about_voice(self, act: Act, **detail: str) -> None:
        heard = self.as_heard()
        known = set() if heard is None else set(voices.labels_now(heard, self.decisions()))
        for key in ("voice", "into"):
            if key in detail and detail[key] not in known:
                raise CaseError("This voice is not in the recording.", next_step="Load the page anew.")
        self._decide(self._decision(act, detail=tuple(detail.items())))

    def _line(self, turn: int) -> tuple[tuple[str, str], ...]:
        heard = self.as_heard()
        if heard is None or not 0 <= turn < len(heard.turns):
            raise CaseError("This line is not in the recording.", next_step="Load the page anew.")
        start = heard.turns[turn].start_s
        return (("turn", str(turn)),) + ((("start", f"{start:.3f}"),) if start is not None else ())

    def _new_voice(self) -> str:
        heard = self.as_heard()
        used = set() if heard is None else {x for x in voices.labels_now(heard, self.decisions()) if x}
        used |= {t.speaker for t in heard.turns if t.speaker} if heard else set()
        return next(f"S{n}" for n in range(1, len(used) + 2) if f"S{n}" not in used)

    def _decision(
        self,
        act: Act,
        *,
        finding_id: str | None = None,
        finding: Finding | None = None,
        undoes: int | None = None,
        group: str | None = None,
        detail: tuple[tuple[str, str], ...] = (),
        note: str = "",
    ) -> Decision:
        return Decision(
            id=None,
            decided_at=self._now(),
            by=self.by,
            act=act,
            finding_id=finding_id,
            finding=finding,
            undoes=undoes,
            group=group,
            detail=detail,
            note=note,
        )

    def _decide(self, *decisions: Decision) -> tuple[Decision, ...]:
        return self.store.decide(*decisions)


VOICE_ACTS = ("name_voice", "merge_voices", "several_people", "move_line", "correct_line")


def _reading(path: Path) -> Reading | None:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _new_id(what: str) -> str:
    return f"{what}-{uuid.uuid4().hex[:10]}"
