"""The cases the page knows, each opened once: a store, a desk, its sounds, its long work."""

from __future__ import annotations

import hashlib
import logging
import re
import shutil
import threading
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from casefile.errors import CaseError, StoreError
from casefile.records import CaseFacts, Transcript
from casefile.store import CaseStore, clean_name
from review import views
from review.desk import Desk
from review.jobs import Job
from review.log import last_undoable
from review.sounds import Sounds
from review.stages import Stages
from review.voices import Voice, labels_now, voices

SENDING_S = 60.0  # the most that stopping waits for a letter under way; after that it counts as in doubt
LOG = logging.getLogger("onrecord.page")


@dataclass
class Room:
    """One case in use."""

    id: str
    store: CaseStore
    desk: Desk
    sounds: Sounds
    job: Job
    stages: Stages
    sending: threading.Lock = field(default_factory=threading.Lock)  # held while a letter goes out
    drafted: tuple[int | None, CaseFacts] | None = None  # the last decision and the facts the letters were drafted from

    @property
    def title(self) -> str:
        """What the parent knows the case by: the child and the day, or the recording's name."""
        facts = self.store.read_facts()
        day = f"{facts.held_on:%B} {facts.held_on.day}, {facts.held_on.year}" if facts.held_on else ""
        named = next((r.stem for r in self.store.recordings()), self.id)
        return ", ".join(x for x in (facts.child or named, day) if x)

    def step(self) -> str:
        """Return where the parent goes on: "start", "listen", "voices", "review"."""
        if self.job.running or self.desk.as_heard() is None:
            return "listen"
        if self.desk.findings() is None:
            return "voices"
        return "review"

    def recording(self) -> Path:
        """Return the case's recording; raises StoreError where there is none."""
        first = self.store.sound()
        if first is None:
            raise StoreError(
                "This case has no recording.", next_step="Put it back into the folder “recording” of the case."
            )
        return first

    def voices(self) -> tuple[Voice, ...]:
        """Return the voices as named so far."""
        heard = self.desk.as_heard()
        return voices(heard, self.desk.decisions()) if heard else ()

    def meeting(self) -> dict[str, Any]:
        """Return the transcript for the page; raises CaseError where nothing was heard yet."""
        heard, shown = self.desk.as_heard(), self.desk.transcript()
        if heard is None or shown is None:
            raise CaseError("Nothing was heard yet.", next_step="Let the recording be heard first.")
        log = self.desk.decisions()
        return views.meeting_view(shown, labels_now(heard, log), voices(heard, log))

    def case_view(self) -> dict[str, Any]:
        """Return the findings for the page."""
        case, log = self.desk.case(), self.desk.decisions()
        return views.case_view(case, log, views.undo_view(last_undoable(log), case))

    def start_hearing(self, way: str) -> bool:
        """Begin to hear the recording and find in it; False where that runs already."""
        return self.job.start(lambda job: self._hear_and_find(job, way), log=_log)

    def start_finding(self) -> bool:
        """Search the transcript anew, with the voices as named now."""
        return self.job.start(self._find, log=_log)

    def _hear_and_find(self, job: Job, way: str) -> None:
        recording = self.recording()
        with self.store.lock():
            job.begin("hearing", self._length_of(recording))
            self.stages.hear(self.store, recording, way, job, job.add_turn)
            job.begin("drawing the sound")
            self.sounds.prepare(recording)
            self._search(job)

    def _find(self, job: Job) -> None:
        with self.store.lock():
            self._search(job)

    def _search(self, job: Job) -> None:
        job.begin("finding")
        self.stages.find(self.store)

    def _length_of(self, recording: Path) -> float:
        known: Transcript | None = self.desk.as_heard()
        return known.recording.duration_s if known and known.recording else 0.0


def _log(error: BaseException) -> None:
    LOG.error("long work failed", exc_info=error)


class Rooms:
    """Every case by the short name the page's addresses carry; nothing from an address becomes a path."""

    def __init__(self, stages: Stages, *, opened: Path | None = None) -> None:
        self.stages = stages
        self._guard = threading.RLock()
        self._rooms: dict[str, Room] = {}
        self._other = {_id_of(opened, stages.cases): opened} if opened else {}

    def folders(self) -> dict[str, Path]:
        """Return the folders of the cases by id, the one last worked on first."""
        inside = sorted(self.stages.cases.glob("*/case.db"), key=_last_used, reverse=True)
        found = {_id_of(p.parent, self.stages.cases): p.parent for p in inside}
        return self._other | {k: v for k, v in found.items() if k not in self._other}

    def get(self, case_id: str) -> Room:
        """Return an open case; raises StoreError for an unknown id."""
        with self._guard:
            if case_id not in self._rooms:
                folder = self.folders().get(case_id)
                if folder is None:
                    raise StoreError("There is no such case.", next_step="Go back to the list of your cases.")
                self._rooms[case_id] = self._open(case_id, folder, create=False)
            return self._rooms[case_id]

    def new(self, recording_name: str) -> Room:
        """Make a case for a recording of this name and return it."""
        with self._guard:
            stem = re.sub(r"[^a-z0-9]+", "-", Path(clean_name(recording_name)).stem.lower()).strip("-")[:40]
            wanted, number = stem or "meeting", 2
            while (self.stages.cases / wanted).exists():
                wanted, number = f"{stem or 'meeting'}-{number}", number + 1
            folder = self.stages.cases / wanted
            case_id = _id_of(folder, self.stages.cases)
            self._rooms[case_id] = self._open(case_id, folder, create=True)
            return self._rooms[case_id]

    def forget(self, room: Room) -> None:
        """Take away a case that never got its recording."""
        with self._guard:
            self._rooms.pop(room.id, None)
            room.store.close()
            shutil.rmtree(room.store.folder, ignore_errors=True)

    def busy(self) -> tuple[Room, ...]:
        """Return the cases with work going on."""
        return tuple(r for r in self._rooms.values() if r.job.running or r.sending.locked())

    def close(self) -> None:
        """Stop all work and let go of every case."""
        with self._guard:
            for room in self._rooms.values():
                room.job.stop(wait_s=5)
            for room in self._rooms.values():
                if not room.job.running and room.sending.acquire(timeout=SENDING_S):  # a letter under way arrives
                    room.store.close()
            self._rooms.clear()

    def _open(self, case_id: str, folder: Path, *, create: bool) -> Room:
        store = CaseStore.open(folder, create=create)
        desk = Desk(store, by="parent (page)", now=self.stages.now)
        sounds = Sounds(folder, self.stages.open_sound)
        return Room(id=case_id, store=store, desk=desk, sounds=sounds, job=Job(), stages=self.stages)


def settle_day(store: CaseStore, held_on: date) -> None:
    """Write the day of the meeting into the case."""
    facts = store.read_facts()
    if facts.held_on != held_on:
        store.write_facts(replace(facts, held_on=held_on))


def _id_of(folder: Path, cases: Path) -> str:
    digest = hashlib.sha256(str(folder.absolute()).encode()).hexdigest()[:6]
    name = re.sub(r"[^a-z0-9]+", "-", folder.name.lower()).strip("-")[:40] or "case"
    return f"{name}-{digest}"


def _last_used(database: Path) -> float:
    times = [p.stat().st_mtime for p in (database, database.with_name("case.db-wal")) if p.exists()]
    return max(times, default=0.0)
