"""Days with their month: "March fifteenth", "the third of December", "12/1", "on eleven six"."""

from __future__ import annotations

from datetime import date

from extract.dates.absolute import written
from extract.dates.atoms import day_number, month_at, weekday_at
from extract.dates.cursor import Said, year
from extract.dates.values import Hit, Reading, make, one_day
from extract.dates.words import AFTER_A_DAY, MONTHS, SPANS, WEEKDAYS, words


def dated(said: Said, i: int) -> Hit | None:
    """Read a day with its month: "March fifteenth", "the third of December", "12/1", with a weekday or without."""
    j = said.skip(i, ("this", "next", "the", "coming"))
    week = weekday_at(said, j)
    if week is None:
        j = i
    wanted: int | None = None
    if week is not None:
        j, wanted = week
        j = said.skip(j, (",", ".", "then", "-"))
        j = said.skip(j, ("the", "on"))
    got = _numeric(said, j) or _month_first(said, j) or day_first(said, j)
    if got is None:
        return None
    end, y, m, d = got
    if wanted is None:
        tail = said.skip(end, (",", "("))
        after = weekday_at(said, tail)
        if after is not None and (tail > end or said.at(tail).capital or len(said.word(tail)) > 4):
            nxt = said.at(after[0])
            if nxt.kind not in ("ordinal", "number", "date") and nxt.text not in MONTHS and nxt.text != "the":
                end, wanted = after
                end = said.skip(end, (")",)) if said.word(tail - 1) == "(" else end
    if y is not None:
        return end, written(_span(said, j, got[0]), y, m, d)
    return end, resolve_dated(said.reference, None, m, d, wanted)


def _span(said: Said, i: int, j: int) -> str:
    """Return the words from `i` to before `j`, as near to the text as tokens keep them."""
    return "".join(t.text if t.glued or k == 0 else f" {t.text}" for k, t in enumerate(said.tokens[i:j]))


def resolve_dated(ref: date, y: int | None, m: int, d: int, wanted: int | None = None) -> Reading:
    """Return the day meant; without a year the next one that comes, a day of the last weeks as second reading."""
    if y is not None:
        return one_day(make(y, m, d), why="date")
    days = [x for k in (0, 1, 2, 3, 4) if (x := make(ref.year + k, m, d)) is not None and x >= ref]
    past = [x for k in (0, -1, -2, -3, -4) if (x := make(ref.year + k, m, d)) is not None and x < ref]
    if not days:
        return Reading("day", None, None, (), why="date", yearless=True)
    others: list[date] = []
    if wanted is not None and days[0].weekday() != wanted:
        if past and past[0].weekday() == wanted and (ref - past[0]).days <= 60:
            return one_day(past[0], days[0], why="date").but(yearless=True)
        others += [x for x in days[1:] if x.weekday() == wanted][:1]
    elif past and (ref - past[0]).days <= 21:
        others.append(past[0])
    return one_day(days[0], *others, why="date").but(yearless=True)


def spoken_numbers(said: Said, i: int) -> Hit | None:
    """Read month and day said as numbers: "on eleven six", "by twelve one"; "by two thirty" is a time of day."""
    month_token, day_token, lead = said.at(i), said.at(i + 1), said.word(i - 1)
    if not (month_token.spelled and day_token.spelled and month_token.kind == day_token.kind == "number"):
        return None
    if not (1 <= month_token.value <= 12 and 1 <= day_token.value <= 31) or said.at(i + 2).kind == "number":
        return None
    clock = day_token.value > 9
    if lead != "on" and (clock or lead not in ("by", "before", "until", "till", "through", "since", "to", "due")):
        return None
    if not said.ends(i + 2) and said.word(i + 2) not in AFTER_A_DAY:
        return None
    return i + 2, resolve_dated(said.reference, None, month_token.value, day_token.value)


def _numeric(said: Said, i: int) -> tuple[int, int | None, int, int] | None:
    token = said.at(i)
    if token.date is None or token.date[2] is None:
        return None
    y, m, d = token.date
    if "." in token.text and y is None:
        prev = said.word(i - 1)
        if prev not in ("on", "by", "until", "before") and prev not in WEEKDAYS and not said.lenient:
            return None
    elif y is None and "-" not in token.text and not _slash_is_date(said, i):
        return None
    end = i + 1
    assert d is not None
    if y is None and said.word(end) == ",":
        late = year(said, end + 1, short=True)
        if late is not None and said.at(end + 1).glued:
            end, y = late
    return end, y, m, d


_SCORES = words("score scores scored accuracy graded grade correct probe fraction")
_FRACTION = words(
    "of trials trial opportunities correct times cup cups hour hours inch inches points questions items "
    "accuracy minutes attempts problems steps sessions words mile miles percent students pages page"
)


def _slash_is_date(said: Said, i: int) -> bool:
    """Tell whether "4/5" is a day rather than a score."""
    nxt, prev = said.word(i + 1), said.word(i - 1)
    if any(said.word(k) in _SCORES for k in range(i - 4, i)):
        return False
    return nxt not in _FRACTION and prev not in ("scored", "score", "got", "earned", "about", "page", "a")


def _month_first(said: Said, i: int) -> tuple[int, int | None, int, int] | None:
    late = year(said, i) if said.at(i).kind == "number" and not said.at(i).spelled else None
    if late is not None:  # 2019-sep-1, 2016 November 3
        j = said.skip(late[0], ("-", "/", ","))
        month = month_at(said, j)
        if month is not None:
            k = said.skip(month[0], ("-", "/"))
            day = day_number(said, k)
            if day is not None:
                return day[0], late[1], month[1], day[1]
    month = month_at(said, i)
    if month is None:
        return None
    j, m = month
    k = said.skip(j, ("-", "/", ".", "on", ","))
    k = said.skip(k, ("the",)) if k == j or said.word(j) in (".", "on") else k
    if said.word(j) == "," and said.at(k).kind != "ordinal":
        return None
    token = said.at(k)
    day = day_number(said, k)
    if day is None or token.text in ("-",):
        return None
    if said.word(i) in ("may", "march", "mar") and not _month_really(said, i, k, day[0]):
        return None
    if said.at(k + 1).text in ("-", "–") and said.word(i) == "mar":
        return None
    end = day[0]
    if token.kind == "number" and not token.spelled and said.word(end) in (":",):
        return None
    got = year_after(said, end)
    return (got[0], got[1], m, day[1]) if got else (end, None, m, day[1])


_CALLS_FOR_MONTH = words(
    "on by of before after until till since from to through the for and or starting beginning in this next"
)


def _month_really(said: Said, i: int, k: int, end: int) -> bool:
    """Tell "may first" the day from "may first want to" the verb."""
    token, prev = said.at(k), said.word(i - 1)
    if said.word(k - 1) == "the" or (token.kind == "ordinal" and token.value > 3) or not token.spelled:
        return True
    if prev in _CALLS_FOR_MONTH or prev in WEEKDAYS or (said.at(i).capital and said.at(i - 1).kind == "word" and i > 0):
        return True
    if i > 0 and said.at(i - 1).kind != "mark":
        return False
    nxt = said.at(end)
    return said.ends(end) or nxt.kind in ("number", "time") or nxt.text in ("or", "and", "at", "through", "to", "we")


def day_first(said: Said, i: int) -> tuple[int, int | None, int, int] | None:
    day = day_number(said, i)
    if day is None or said.word(i - 1) == "$":
        return None
    j = said.skip(day[0], ("of", "-", "/", ","))
    if said.word(day[0]) == "," and said.at(i).kind != "ordinal":
        return None
    j = said.skip(j, ("the",))
    month = month_at(said, j)
    if month is None:
        return None
    if said.word(j) in ("may", "march", "mar") and j == day[0] and said.at(i).spelled and not said.ends(month[0]):
        return None  # "one may ask"
    if said.at(i).kind == "number" and said.at(i).spelled and j == day[0] and said.word(j) in ("may", "march"):
        return None
    k = said.skip(month[0], ("-", "/")) if said.word(j - 1) in ("-", "/") else month[0]
    got = year_after(said, k, dash=k > month[0])
    return (got[0], got[1], month[1], day[1]) if got else (month[0], None, month[1], day[1])


def year_after(said: Said, i: int, *, dash: bool = False) -> tuple[int, int] | None:
    """Return the year that follows a day and month: ", 2026", "of 2026", "twenty twenty six", "'26"."""
    j = said.skip(i, (",",))
    j = said.skip(j, ("of", "in", "-", "/"))
    if said.word(i) == "-" and not dash and len(said.word(i + 1)) < 4:
        return None
    step = {"this": 0, "next": 1, "last": -1}.get(said.word(j))
    if step is not None and said.word(j + 1) == "year":
        return j + 2, said.reference.year + step
    got = year(said, j, short=True)
    if got is None:
        return None
    token, nxt = said.at(j), said.at(got[0])
    if len(token.text) == 2 and not token.spelled:
        if nxt.text in SPANS or nxt.text in (
            "minutes",
            "hours",
            "percent",
            "%",
            "students",
            "-",
            "to",
            ":",
            "st",
            "times",
        ):
            return None
        if j > i and said.word(i) == "," and not token.glued and said.word(j - 1) == ",":
            return got if said.ends(got[0]) else None
    return got
