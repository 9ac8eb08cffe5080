"""Days counted from the day of speaking by a word: "today", "tomorrow", "the next school day"."""

from __future__ import annotations

from casefile.days import add_business_days, add_school_days
from extract.dates.atoms import with_part
from extract.dates.cursor import Said
from extract.dates.values import Hit, one_day, plus
from extract.dates.words import DAY_KINDS


def relative_day(said: Said, i: int) -> Hit | None:
    """Read "today", "tomorrow", "the day after tomorrow", "tonight", "end of day"."""
    ref = said.reference
    word = said.word(i)
    if word in ("today", "today's", "todays", "tonight", "tonight's"):
        return with_part(said, i + 1), one_day(ref, why="today")
    if word in ("tomorrow", "tomorrows", "tomorrow's", "tmrw", "tmr", "tomorow"):
        return with_part(said, i + 1), one_day(plus(ref, 1), why="tomorrow")
    if word in ("yesterday", "yesterday's"):
        return with_part(said, i + 1), one_day(plus(ref, -1), why="yesterday")
    if word == "this" and said.word(i + 1) in ("morning", "afternoon", "evening"):
        return i + 2, one_day(ref, why="today")
    j = said.skip(i, ("the",))
    if said.word(j) in ("day", "days") and said.word(j + 1) in ("after", "before", "following"):
        nxt = said.word(j + 2)
        if said.word(j + 1) == "after" and nxt in ("tomorrow", "tmrw", "tomorow"):
            return with_part(said, j + 3), one_day(plus(ref, 2), why="day after tomorrow")
        if said.word(j + 1) == "before" and nxt == "yesterday":
            return j + 3, one_day(plus(ref, -2), why="day before yesterday")
    if said.word(j) == "next" and said.word(j + 1) == "day" and said.word(j + 2) not in ("and", "or"):
        return j + 2, one_day(plus(said.before or ref, 1), why="next day")
    if said.word(j) in ("last", "past") and said.word(j + 1) == "day" and j == i and said.ends(j + 2):
        return j + 2, one_day(plus(ref, -1), why="last day")
    k = said.skip(j, ("very",))
    if said.word(k) in ("next", "following") and said.word(k + 2) == "day":
        return _next_counted_day(said, k + 1)
    if word in ("eod", "cob"):
        return i + 1, one_day(ref, why="end of day")
    return None


def _next_counted_day(said: Said, k: int) -> Hit | None:
    """Read "school day", "business day" after "next": a day only a calendar can tell."""
    kind = DAY_KINDS.get(said.word(k), "")
    if kind not in ("school", "business"):
        return None
    if said.calendar is None:
        return k + 2, one_day(None, why="next school day")
    start = said.before or said.reference
    count = add_school_days(start, 1, said.calendar) if kind == "school" else add_business_days(start, 1)
    return k + 2, one_day(count.day, why=f"next {kind} day")
