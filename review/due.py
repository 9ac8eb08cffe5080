"""What is due: what was promised, by date, with the days left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from casefile.records import Finding, ReviewedCase
from review import plain

State = Literal["lapsed", "today", "coming", "no day"]
ORDER: dict[State, int] = {"lapsed": 0, "today": 1, "coming": 2, "no day": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One thing that is to happen."""

    finding: Finding
    state: State
    on: date | None
    days_left: int | None  # negative once it has lapsed

    @property
    def left_words(self) -> str:
        """The days left as a person says them."""
        days = self.days_left
        if days is None:
            return "no day fixed"
        if days == 0:
            return "today"
        count = f"{abs(days)} day" + ("" if abs(days) == 1 else "s")
        return f"{count} late" if days < 0 else f"{count} left"


def promises(case: ReviewedCase, *, today: date) -> tuple[Promise, ...]:
    """Return what the accepted findings promise or put off: lapsed first, then by date, then without a day."""
    kept = (f for f in case.accepted if f.kind in ("commitment", "deferral") and f.status == "active")
    made = [_promise(f, today) for f in kept]
    return tuple(sorted(made, key=lambda p: (ORDER[p.state], p.on or date.max)))


def _promise(finding: Finding, today: date) -> Promise:
    on = finding.due.on if finding.due else None
    if on is None:
        return Promise(finding=finding, state="no day", on=None, days_left=None)
    left = (on - today).days
    state: State = "lapsed" if left < 0 else "today" if left == 0 else "coming"
    return Promise(finding=finding, state=state, on=on, days_left=left)


def to_calendar(found: Sequence[Promise], *, now: datetime, child: str | None) -> bytes:
    """Return the promises with a day as an iCalendar file: one whole-day entry each, with a reminder the day after."""
    from icalendar import Alarm, Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//On the Record//promises//EN")
    calendar.add("version", "2.0")
    for promise in found:
        if promise.on is None:
            continue
        finding = promise.finding
        event = Event()
        event.add("uid", f"{finding.id}@onrecord.invalid")
        event.add("dtstamp", now)
        event.add("dtstart", promise.on)
        event.add("dtend", promise.on + timedelta(days=1))
        who = f"{finding.owner}: " if finding.owner else ""
        event.add("summary", f"{who}{finding.action}" + (f" ({child})" if child else ""))
        event.add("description", f"{plain.KIND_WORDS[finding.kind]}: “{finding.quote}”")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"Was it done? {finding.action}")
        alarm.add("trigger", timedelta(days=1, hours=9))
        event.add_component(alarm)
        calendar.add_component(event)
    raw: bytes = calendar.to_ical()
    return raw
