"""What the commands show: results on standard output, everything else on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from casefile.errors import CaseError

_EVERY_S = 0.5


def result(text: str) -> None:
    """Write one result line to standard output."""
    print(text, flush=True)


def note(text: str) -> None:
    """Write one line for the person to standard error."""
    print(text, file=sys.stderr, flush=True)


def trouble(error: CaseError) -> None:
    """Write what happened and what to do next to standard error."""
    note(error.what)
    note(error.next_step)


class Progress:
    """A line on standard error that says how far long work is and how long it will take."""

    def __init__(self, label: str, total: float) -> None:
        self.label, self.total = label, total
        self._began = time.monotonic()
        self._from = 0.0  # where this run took up the work
        self._shown = 0.0
        self._live = sys.stderr.isatty()

    def start_from(self, done: float) -> None:
        """Say that an earlier run did the work up to `done`: time left is counted from here."""
        self._from, self._began = done, time.monotonic()

    def advance_to(self, done: float, note: str = "") -> None:
        """Show that `done` of the total is reached."""
        now = time.monotonic()
        if now - self._shown < (_EVERY_S if self._live else 10) and done < self.total:
            return
        self._shown = now
        self._write(f"{self.label} {self._share(done)}{self._left(done, now)}{'  ' + note if note else ''}")

    def close(self) -> None:
        """End the line."""
        if self._live:
            print(file=sys.stderr, flush=True)

    def _share(self, done: float) -> str:
        return f"{min(100, round(100 * done / self.total)) if self.total else 100} %"

    def _left(self, done: float, now: float) -> str:
        spent, got = now - self._began, done - self._from
        if spent < 2 or got <= 0 or done >= self.total:
            return ""
        return f", about {spoken_time(spent / got * (self.total - done))} left"

    def _write(self, line: str) -> None:
        if self._live:
            print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)
        else:
            note(line)


@contextmanager
def progress(label: str, total: float) -> Iterator[Progress]:
    """Hand out a progress line and end it afterwards."""
    shown = Progress(label, total)
    try:
        yield shown
    finally:
        shown.close()


def spoken_time(seconds: float) -> str:
    """Return a length of time as a person says it: "40 seconds", "12 minutes", "1 hour 5 minutes"."""
    if seconds < 55:
        return _count(max(5, round(seconds / 5) * 5), "second")
    minutes = round(seconds / 60)
    if minutes < 60:
        return _count(minutes, "minute")
    hours, minutes = divmod(minutes, 60)
    return _count(hours, "hour") + (f" {_count(minutes, 'minute')}" if minutes else "")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
