"""Where a case stands: what was promised, what is due, what lapsed, and how long the parent's own aims still run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from casefile.records import Finding, ReviewedCase, Sent
from draft import words
from draft.choose import active, choose, plan_of
from draft.deadlines import AIM_H, complaint_closes, days_left
from draft.people import table_of

State = Literal["lapsed", "due", "two readings", "no date"]
_WARN_DAYS = 92  # the last three months of the year a complaint may take: months 9 to 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One promise and how it stands."""

    finding_id: str
    who: str
    action: str
    mine: bool  # of the parent, or of somebody on the parent's side
    state: State
    readings: tuple[date, ...]
    days: int | None  # calendar days left to the (latest) day; negative: days over


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where a case stands on one day."""

    promises: tuple[Promise, ...]
    waiting: tuple[str, ...]  # ids of letters called for and not sent
    sent: tuple[tuple[str, date], ...]  # letter ids and the days they went out
    hours_left: float | None  # of the 24 after the meeting; None if sent, or if nobody said when it ended
    complaint_until: date | None  # None where no written notice is due

    def in_state(self, state: State) -> tuple[Promise, ...]:
        """Return the promises in one state."""
        return tuple(p for p in self.promises if p.state == state)


def status_of(case: ReviewedCase, sent: Sequence[Sent] = (), *, today: date, now: datetime | None = None) -> Status:
    """Return where the case stands."""
    out = {s.letter_id: s.sent_at.date() for s in sent if s.outcome == "sent"}
    ended = case.facts.ended_at
    open_aim = ended is not None and now is not None and "followup" not in out
    return Status(
        promises=tuple(_promises(case, today)),
        waiting=tuple(c.id for c in choose(case) if c.id not in out),
        sent=tuple(out.items()),
        hours_left=_hours_left(ended, now) if ended and now and open_aim else None,
        complaint_until=_complaint_until(case),
    )


def _hours_left(ended: datetime, now: datetime) -> float:
    return (ended + timedelta(hours=AIM_H) - now).total_seconds() / 3600


def _promises(case: ReviewedCase, today: date) -> Iterable[Promise]:
    table = table_of(case)
    for finding in active(case):
        if finding.kind != "commitment":
            continue
        readings = tuple(sorted(set(finding.due.candidates))) if finding.due else ()
        days = days_left(readings[-1], today) if readings else None
        yield Promise(
            finding_id=finding.id,
            who=words.joined([n.strip() for n in (finding.owner or "").split(";") if n.strip()]),
            action=words.bare_action(finding.action),
            mine=table.on_our_side(finding.owner),
            state=_state(readings, days),
            readings=readings,
            days=days,
        )


def _state(readings: tuple[date, ...], days: int | None) -> State:
    if days is None:
        return "no date"
    if days < 0:
        return "lapsed"
    return "two readings" if len(readings) > 1 else "due"


def _complaint_until(case: ReviewedCase) -> date | None:
    due = [f for f in active(case) if _calls_for_notice(f)]
    return complaint_closes(case.held_on) if due and plan_of(case) != "504" else None


def _calls_for_notice(finding: Finding) -> bool:
    return finding.notice is not None and finding.notice.kind in ("refusal", "proposed_change")


def as_text(status: Status, *, today: date) -> str:
    """Return the status for a person to read."""
    parts = [_section(title, status.in_state(state)) for state, title in _TITLES]
    if status.hours_left is not None:
        parts.insert(0, _aim(status.hours_left))
    if status.waiting:
        parts.append("Letters not sent yet: " + ", ".join(status.waiting) + ".")
    if status.sent:
        parts.append("Sent: " + ", ".join(f"{name} on {words.plain_date(day)}" for name, day in status.sent) + ".")
    if status.in_state("lapsed") and any(not p.mine for p in status.in_state("lapsed")):
        parts.append("For what lapsed: onrecord letter reminder")
    if until := status.complaint_until:
        left = days_left(until, today)
        if 0 <= left <= _WARN_DAYS:
            parts.append(
                f"A complaint to the state must be received by {words.plain_date(until)}: {left} days are left."
            )
    return "\n\n".join(p for p in parts if p)


_TITLES: tuple[tuple[State, str], ...] = (
    ("lapsed", "Lapsed"),
    ("due", "Due"),
    ("two readings", "Due on one of two days: ask which"),
    ("no date", "Promised without a date"),
)


def _aim(hours: float) -> str:
    if hours <= 0:
        return "The follow-up has not been sent, and your own 24 hours are over. It is worth sending all the same."
    return f"The follow-up has not been sent: {max(1, round(hours))} of your own 24 hours are left."


def _section(title: str, promises: Sequence[Promise]) -> str:
    if not promises:
        return ""
    ordered = sorted(promises, key=lambda p: (p.readings or (date.max,))[-1])
    return "\n".join([f"{title}:", *(_line(p) for p in ordered)])


def _line(promise: Promise) -> str:
    when = words.joined([words.long_date(d) for d in promise.readings], last="or")
    days = f" ({_days(promise.days)})" if promise.days is not None else ""
    who = promise.who or "somebody"
    return f"  {promise.finding_id}  {who}: {promise.action}{f', {when}' if when else ''}{days}"


def _days(days: int) -> str:
    if days == 0:
        return "today"
    number = f"{abs(days)} day{'s' if abs(days) != 1 else ''}"
    return f"{number} left" if days > 0 else f"{number} ago"
