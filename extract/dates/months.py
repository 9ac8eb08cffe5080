"""Months, years, quarters and decades of the calendar: "in March", "June of 2027", "Q3", "the nineties"."""

from __future__ import annotations

from datetime import date

from extract.dates.atoms import month_at
from extract.dates.cursor import Said, year
from extract.dates.values import Hit, month_end, stretch
from extract.dates.words import DOUBTFUL_MONTHS, MONTHS, SPANS, TENS, words

STEP: dict[str, int] = {
    "this": 0, "current": 0, "the": 0, "next": 1, "following": 1, "coming": 1, "upcoming": 1, "last": -1, "past": -1,
    "previous": -1, "prior": -1, "my": 0, "our": 0, "that": 0, "your": 0,
}  # fmt: skip
_ASKS = words(
    "in of by until till til since through thru during before after late early mid middle between from starting "
    "beginning end around about next last for"
)
_TITLES = words("mr mrs ms miss dr aunt coach with named name")
_PERSON_DOES = words("will is has was can said says would have had be 's does did and or")
_LINKS = words("- – — to through thru until till")
_WE = words("i we you he she they it")
_LAST_YEAR = 9990  # calendars end in 9999; a decade later must still be a date


def month(said: Said, i: int, *, parted: bool) -> Hit | None:
    """Read a month: "March", "June of 1992", "next April", "the month of May"; `parted` after "end of" and the like."""
    token = said.at(i)
    if token.date is not None and token.date[2] is None:
        return _numeric_month(said, i)
    early = None
    j = i
    if token.kind == "number":
        early = year(said, i)
        if early is None:
            return None
        j = said.skip(early[0], (",", "-", "/"))
    start = j
    j = said.skip(j, ("the", "this", "next", "last", "past", "coming", "previous"))
    step = said.word(start) if j > start else ""
    if said.phrase(j, "month", "of"):
        j, step = j + 2, step or "the"
    name = month_at(said, j)
    if name is None:
        return None
    end, m = name
    late = None if early is not None else _year_after_month(said, end)
    given = early or late
    if given is not None:
        end = late[0] if late is not None else end
        return _month_of(end, given[1], m, yearless=False)
    if not step and said.word(i - 1) == "in" and said.word(i - 2) == "back":
        step = "past"  # "back in September"
    y, moved = _which_year(said, end, m, step)
    if moved == end and not parted and not _really(said, start, j, end, step):
        return None
    return _month_of(moved, y, m, yearless=not step and moved == end)


def _numeric_month(said: Said, i: int) -> Hit | None:
    """Read "3/2027" and "2027-03"."""
    given = said.at(i).date
    if given is None or given[0] is None:
        return None
    return _month_of(i + 1, given[0], given[1], yearless=False)


def _month_of(end: int, y: int, m: int, *, yearless: bool) -> Hit | None:
    if not 1 <= y <= _LAST_YEAR:
        return None
    return end, stretch(date(y, m, 1), month_end(y, m), "month", "month").but(yearless=yearless)


def _year_after_month(said: Said, end: int) -> tuple[int, int] | None:
    k = said.skip(end, (",", "-", "/", "'", "’"))
    k = said.skip(k, ("of", "in"))
    token = said.at(k)
    short = token.kind == "number" and not token.spelled and said.ends(k + 1)
    return year(said, k, short=short)


def _which_year(said: Said, end: int, m: int, step: str) -> tuple[int, int]:
    """Return the year of a month said without one and the index after what told it."""
    ref = said.reference
    if said.phrase(end, "after", "next"):
        return ref.year + (1 if m > ref.month else 2), end + 2
    k = said.skip(end, ("of",))
    if said.word(k) in ("next", "last", "this") and said.word(k + 1) == "year":
        return ref.year + STEP[said.word(k)], k + 2
    if step in ("last", "past", "previous"):
        return (ref.year if m < ref.month else ref.year - 1), end
    if step == "this":
        return ref.year, end
    if step == "next":
        return (ref.year if m > ref.month else ref.year + 1), end
    return (ref.year if m >= ref.month else ref.year + 1), end


def _really(said: Said, i: int, j: int, end: int, step: str) -> bool:
    """Tell the month from "may", "march" and from people called April, June or August."""
    token, nxt = said.at(j), said.at(end)
    prev = said.word(i - 1)
    title = said.word(i - 2) if prev == "." else prev
    if title in _TITLES:
        return False
    if token.text not in DOUBTFUL_MONTHS:
        return True
    if step and step != "the":
        return step != "this" or token.text != "may" or token.capital or said.ends(end) or nxt.text in _ASKS | _WE
    if len(said.tokens) == 1:
        return True
    if (prev in _LINKS or prev in ("and", "or")) and said.word(i - 2) in MONTHS:
        return True
    if nxt.text in _LINKS and (said.word(end + 1) in MONTHS or said.word(end + 2) in MONTHS):
        return True
    if prev in _ASKS or (step == "the" and (token.capital or token.text not in ("march", "may"))):
        return _asked(said, i, end)
    if said.ends(end) and token.text in ("april", "june", "august"):
        return not (token.capital and said.at(i - 1).capital)
    return False


def _asked(said: Said, i: int, end: int) -> bool:
    """Tell a month from a name after a word that may ask for either ("from April")."""
    prev, nxt = said.word(i - 1), said.at(end)
    sure = prev in ("in", "by", "until", "till", "since", "through", "during", "early", "late", "mid", "next", "last")
    if nxt.text in _PERSON_DOES and not sure:
        return False
    if nxt.text in _WE and prev in ("of", "about", "around"):
        return False
    if prev in ("for", "from", "between", "about", "around", "of"):
        return said.ends(end) or nxt.text in _LINKS or nxt.text in ("and", "we", "i", "on") or prev == "of"
    return True


def calendar_year(said: Said, i: int, *, parted: bool) -> Hit | None:
    """Read a year by itself where a word before it asks for one: "in 2027", "after twenty twenty six"."""
    if said.word(i - 1) == "of" and said.word(i - 2) in ("class", "grads", "graduates"):
        return None
    decade = _decade(said, i)
    if decade is not None:
        return decade
    j = said.skip(i, ("the",)) if said.word(i + 1) == "year" else i
    named = said.word(j) == "year" and said.at(j + 1).kind == "number"
    if named:
        j = said.skip(j + 1, ("of",))
    elif said.word(j) == "year" and said.word(j + 1) == "of" and said.at(j + 2).kind == "number":
        j, named = j + 2, True
    got = year(said, j)
    if got is None:
        return None
    end, y = got
    if not (named or parted or _asks_for_year(said, j, end, y)) or said.at(end).text in SPANS:
        return None
    if said.word(end) in ("minutes", "hours", "dollars", "students", "%", "percent"):
        return None
    end = said.skip(end, ("ad",))
    return end, stretch(date(y, 1, 1), date(y, 12, 31), "year", "year")


def _asks_for_year(said: Said, j: int, end: int, y: int) -> bool:
    token, prev = said.at(j), said.word(j - 1)
    if prev in ("in", "of", "since", "until", "till", "before", "after", "from", "between", "late", "early", "mid"):
        return token.spelled or 1500 <= y <= 2200
    if prev in ("-", "–"):
        return (said.at(j - 2).kind == "number" and len(said.word(j - 2)) == 4) or said.word(j - 2) in MONTHS
    if prev in ("through", "during", "by", "to", "and", "or", "than", "not", "=") and 1900 <= y <= 2100:
        return not token.spelled or prev in ("through", "during", "by", "to", "until")
    return not token.spelled and 1990 <= y <= 2040 and (j == 0 or said.ends(end) or said.word(end) in ("-", "–", "or"))


_DECADES: dict[str, int] = {word.removesuffix("y") + "ies": value for word, value in TENS.items()}


def _decade(said: Said, i: int) -> Hit | None:
    """Read "the 1990s", "the nineties", "the seventies"; without a century, as the reader's own century has it."""
    j = said.skip(i, ("the",))
    token = said.at(j)
    start: int | None = None
    if token.kind == "ordinal" and said.word(j + 1) == "century" and 10 <= token.value <= 29:
        start = 100 * (token.value - 1)
        return j + 2, stretch(date(start, 1, 1), date(start + 99, 12, 31), "decade", "century")
    if token.spelled and 17 <= token.value <= 20 and said.word(j + 1) in _DECADES:  # "the nineteen seventies"
        start = 100 * token.value + _DECADES[said.word(j + 1)]
        return j + 2, stretch(date(start, 1, 1), date(start + 9, 12, 31), "decade", "decade")
    k = said.skip(j + 1, ("'", "’"))
    if token.kind == "number" and not token.spelled and token.value % 10 == 0 and said.word(k) == "s":
        if len(token.text) == 4 and 1000 <= token.value <= 2990:
            start = token.value
        elif len(token.text) == 2 and said.word(i - 1) in ("in", "of", "from", "the") and token.value >= 20:
            start = 1900 + token.value
        j = k
    elif token.text in _DECADES and j > i and said.word(i - 1) == "in":
        start = 1900 + _DECADES[token.text]
    if start is None:
        return None
    return j + 1, stretch(date(start, 1, 1), date(start + 9, 12, 31), "decade", "decade")


def quarter(said: Said, i: int) -> Hit | None:
    """Read quarters and halves of the calendar year: "Q3", "third quarter of 2026", "2016 H2".

    At a school a bare "third quarter" is a grading period, which only the school's calendar places.
    """
    early = year(said, i) if said.at(i).kind == "number" and not said.at(i).spelled else None
    j = said.skip(early[0], ("the",)) if early else said.skip(i, ("the", "this"))
    word, nxt = said.word(j), said.at(j + 1)
    if word in ("q", "h") and nxt.kind == "number" and nxt.glued and 1 <= nxt.value <= (4 if word == "q" else 2):
        which, months, j = nxt.value, 3 if word == "q" else 6, j + 2
    elif said.at(j).kind == "ordinal" and said.at(j).value <= 4:
        k = said.skip(j + 1, ("-",))
        if said.word(k) not in ("quarter", "qtr"):
            return None
        which, months, j = said.at(j).value, 3, k + 1
    else:
        return None
    end, y = (j, early[1]) if early else _quarter_year(said, j)
    if y is None and said.calendar is not None and months == 3 and word != "q":
        return None
    if y is None:
        y = said.reference.year
        y += month_end(y, which * months) < said.reference
    if not 1 <= y <= _LAST_YEAR:
        return None
    first = date(y, which * months - months + 1, 1)
    return end, stretch(first, month_end(y, which * months), "quarter", "quarter")


def _quarter_year(said: Said, j: int) -> tuple[int, int | None]:
    """Return the index after the year of a quarter and the year: "of 2026", "this year", none."""
    k = said.skip(j, ("of", "in", ","))
    got = year(said, k)
    if got is not None:
        return got
    k = said.skip(k, ("the",)) if said.word(k + 1) == "year" else k
    if said.word(k) in STEP and said.word(k + 1) == "year":
        return k + 2, said.reference.year + STEP[said.word(k)]
    if said.word(k) == "year" and said.word(k - 1) == "the":
        return k + 1, None
    return j, None
