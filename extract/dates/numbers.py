"""Days of the month by their number alone: "the fifteenth", "the 20th of next month"."""

from __future__ import annotations

from datetime import date, timedelta

from extract.dates.atoms import NOT_A_DAY
from extract.dates.cursor import Said
from extract.dates.dated import day_first
from extract.dates.values import Hit, Reading, add_months, make, one_day
from extract.dates.words import AFTER_A_DAY, WEEKDAYS, words


def bare_day(said: Said, i: int) -> Hit | None:
    """Read a day of the month alone: "the fifteenth", "the 15th of next month"."""
    the = said.word(i) == "the"
    j = said.skip(i, ("the",))
    how = said.word(j) if said.word(j) in ("next", "last") and said.at(j + 1).kind == "ordinal" else ""
    if how:
        j += 1
    token = said.at(j)
    if not 1 <= token.value <= 31:
        return None
    month = _of_month(said, j)
    if month is not None:
        return month
    the_thirty = the and token.kind == "number" and token.spelled and token.value in (30, 20) and said.ends(j + 1)
    led = said.word(i - 1) in ("by", "on", "before", "until", "till", "through") and token.spelled
    follows = said.ends(j + 1) or (said.word(j + 1) in AFTER_A_DAY and said.word(j + 1) != "of")
    if the and led and token.kind == "number" and 13 <= token.value <= 31 and follows:  # "by the fifteen"
        return j + 1, resolve_dom(said.reference, token.value)
    if (token.kind != "ordinal" or how) and not the_thirty:
        return None
    if not _means_a_day(said, i, j, the):
        return None
    return j + 1, resolve_dom(said.reference, token.value)


_SOMEBODY = words("i i'm im i'll ill i'd we we'll we're you you'll he he'll she she'll they they'll it it'll that then")


def _of_month(said: Said, j: int) -> Hit | None:
    """Read "15th of next month", "the 20th next month", "15th day of the month" from the number on."""
    token = said.at(j)
    if token.kind not in ("ordinal", "number"):
        return None
    k = said.skip(j + 1, ("day",))
    of = said.word(k) in ("of", "in")
    if not of and token.kind != "ordinal":
        return None
    k = said.skip(k, ("of", "in"))
    k = said.skip(k, ("the", "this"))
    which = said.word(k)
    step = {"next": 1, "following": 1, "coming": 1, "last": -1, "previous": -1, "past": -1, "current": 0}.get(which)
    if step is not None:
        k += 1
    if said.word(k) != "month" or not (of or step is not None):
        return None
    if step is None and token.value < 4 and said.word(k - 1) not in ("the", "this"):
        return None
    ref = said.reference
    month = add_months(ref.replace(day=1), step or 0)
    day = make(month.year, month.month, token.value) if month else None
    if step is None and said.word(k - 1) == "the" and day is not None and day < ref:
        ahead = _in_the_next_month(ref, token.value)  # "by the first of the month"
        return k + 1, one_day(ahead or day, day, why="day of a month")
    return k + 1, one_day(day, why="day of a month")


def _in_the_next_month(ref: date, number: int) -> date | None:
    month = add_months(ref.replace(day=1), 1)
    return make(month.year, month.month, number) if month else None


def _means_a_day(said: Said, i: int, j: int, the: bool) -> bool:
    """Tell "the fifteenth" the day from "the fifteenth page"."""
    token, nxt, prev = said.at(j), said.at(j + 1), said.word(i - 1)
    if _in_a_list(said, i, j):
        return True
    small = token.spelled and token.value <= 3 and not the  # "right this second"
    if said.lenient and not small and (said.ends(j + 1) or nxt.text in AFTER_A_DAY or nxt.kind in ("number", "time")):
        return True
    if nxt.text in NOT_A_DAY:
        return False
    if prev in ("is", "'s") and (said.word(i - 2) in WEEKDAYS or said.word(i - 2) in ("today", "tomorrow")):
        return said.ends(j + 1) or nxt.text in AFTER_A_DAY
    led = prev in ("by", "on", "before", "until", "till", "through", "thru", "since", "than", "starting", "beginning",
                   "from", "after", "for", "around", "about", "due", "to", "start", "starts", "begins")  # fmt: skip
    going_on = nxt.text == "and" and said.word(j + 2) in _SOMEBODY  # "the twenty-third and I'm sitting with him"
    if nxt.text == "of" or (nxt.text == "and" and said.at(j + 2).kind == "word" and not led and not going_on):
        return False
    follows = said.ends(j + 1) or nxt.text in AFTER_A_DAY or nxt.kind in ("time",)
    if not the:
        digits = not token.spelled
        return follows and (
            led or (digits and prev in (",", "or", "and")) or (said.ends(j + 1) and len(said.tokens) <= 3 and not small)
        )
    if not follows:
        return led and nxt.kind == "word" and prev in ("by", "on") and token.value > 3
    if token.value <= 3 and not led:
        return len(said.tokens) <= 3 and not token.spelled
    if prev in ("in", "is", "was") and token.value < 13:
        return False
    return not (token.value < 13 and token.spelled and not led and not said.ends(j + 1) and prev not in ("", ",", "so"))


def _in_a_list(said: Said, i: int, j: int) -> bool:
    """Tell whether the number at `j` stands in a list with a dated day: "March third or fourth"."""
    if said.word(i - 1) in ("or", "and", ",") and 0 <= i - said.listed <= 2:
        return said.at(j + 1).text not in NOT_A_DAY
    if said.word(j + 1) not in ("or", "and"):
        return False
    got = day_first(said, j + 2)
    return got is not None and got[0] > j + 3


def next_number(ref: date, dom: int) -> date | None:
    for k in range(0, 4):
        month = add_months(ref.replace(day=1), k)
        day = make(month.year, month.month, dom) if month else None
        if day is not None and day >= ref:
            return day
    return None


def resolve_dom(ref: date, dom: int) -> Reading:
    """Return the next day of that number, today included; one of the last two weeks is the second reading."""
    ahead = next_number(ref, dom)
    behind = None
    for k in (0, -1):
        month = add_months(ref.replace(day=1), k)
        day = make(month.year, month.month, dom) if month else None
        if day is not None and day < ref:
            behind = day
            break
    if ahead == ref:  # who means today says "today"
        later = next_number(ref + timedelta(days=1), dom)
        return one_day(later or ahead, ref, why="day of the month").but(dom=dom)
    others = [behind] if behind is not None and (ref - behind).days <= 14 else []
    return one_day(ahead, *others, why="day of the month").but(dom=dom)
