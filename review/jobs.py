"""Long work on one case, done beside the page: hearing, then finding; its progress, its text, its end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from casefile.errors import CaseError
from casefile.records import Turn


class Stopped(Exception):
    """The person stopped the work; what is done is kept."""


@dataclass
class Job:
    """How far one piece of long work is. Only its own thread writes; the page reads `view`."""

    stage: str = ""
    total: float = 0.0
    done: float = 0.0
    note: str = ""
    running: bool = False
    trouble: tuple[str, str] | None = None
    turns: list[dict[str, Any]] = field(default_factory=list)
    _began: float = 0.0
    _from: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _guard: threading.Lock = field(default_factory=threading.Lock)

    # --- what the work tells ------------------------------------------------------------------

    def begin(self, stage: str, total: float = 0.0) -> None:
        """Begin a part of the work."""
        self.stage, self.total, self.done, self.note = stage, total, 0.0, ""
        self._began, self._from = time.monotonic(), 0.0

    def start_from(self, done: float) -> None:
        """Say that an earlier run did the work up to `done`."""
        self._from, self.done, self._began = done, done, time.monotonic()

    def advance_to(self, done: float, note: str = "") -> None:
        """Say that `done` of the total is reached; raises Stopped when the person stopped it."""
        if self._stop.is_set():
            raise Stopped
        self.done, self.note = done, note

    def add_turn(self, turn: Turn) -> None:
        """Show a line as it is heard."""
        self.turns.append({"a": turn.start_s, "t": turn.text, "who": turn.speaker})

    # --- running ------------------------------------------------------------------------------

    def start(self, work: Callable[[Job], None], *, log: Callable[[BaseException], None]) -> bool:
        """Run `work` beside the page; False where it runs already. `log` is told what was no CaseError."""
        with self._guard:
            if self.running:
                return False
            self.running, self.trouble, self.turns = True, None, []
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, args=(work, log), daemon=True)
            self._thread.start()
        return True

    def stop(self, wait_s: float = 0.0) -> None:
        """Ask the work to stop at its next step."""
        self._stop.set()
        if self._thread and wait_s:
            self._thread.join(wait_s)

    def _run(self, work: Callable[[Job], None], log: Callable[[BaseException], None]) -> None:
        try:
            work(self)
            self.stage = "done"
        except Stopped:
            self.stage = "stopped"
        except CaseError as error:
            self.stage, self.trouble = "failed", (error.what, error.next_step)
        except BaseException as error:
            log(error)
            self.stage = "failed"
            self.trouble = (
                "Something went wrong that should not: a fault in On the Record.",
                "What was heard so far is kept. Start it again; if it fails again, look in the terminal window.",
            )
        finally:
            self.running = False

    def view(self, after: int = 0) -> dict[str, Any]:
        """Return how far it is, and the lines heard after the first `after`."""
        share = min(1.0, self.done / self.total) if self.total else None
        return {
            "stage": self.stage,
            "running": self.running,
            "share": share,
            "left_s": self._left(),
            "note": self.note,
            "trouble": self.trouble,
            "turns": self.turns[after:],
            "heard": len(self.turns),
        }

    def _left(self) -> float | None:
        spent, got = time.monotonic() - self._began, self.done - self._from
        if not self.total or got <= 0 or spent < 2:
            return None
        return spent / got * (self.total - self.done)
