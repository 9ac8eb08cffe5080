"""The smallest parts of a date at a token: the name of a weekday, of a month, the number of a day."""

from __future__ import annotations

from extract.dates.cursor import Said
from extract.dates.words import DOUBTFUL_WEEKDAYS, MONTHS, SPANS, WEEKDAYS, words

NOT_A_DAY = words(
    "grade graders grader percentile quarter semester trimester time one thing page goal period hour step half "
    "reason year years week weeks day days month months party person floor trial attempt option part place "
    "draft section round paragraph bullet line box item row column level tier school meeting evaluation "
    "language"
)


def weekday_at(said: Said, i: int) -> tuple[int, int] | None:
    """Return the index after the name of a weekday at `i`, and which; doubtful short forms need a neighbour."""
    token = said.at(i)
    number = WEEKDAYS.get(token.text)
    if number is None:
        return None
    j = i + 1
    dot = said.word(j) == "." and said.at(j).glued
    if token.text in DOUBTFUL_WEEKDAYS:
        nxt, prev = said.at(j + 1 if dot else j), said.at(i - 1)
        fine = (
            len(said.tokens) <= 2
            or nxt.kind in ("ordinal", "date")
            or (nxt.kind == "number" and token.text not in ("sat", "sun"))
            or nxt.text in MONTHS
            or prev.text in ("next", "last", "week", "monday", "tuesday", "easter")
            or prev.kind in ("ordinal",)
            or (prev.text in ("on", "by", "until") and (token.capital or token.text in ("fri", "thu", "tue", "mon")))
            or (prev.text == "," and said.at(i - 2).text in WEEKDAYS)
            or (token.text in ("fri", "thu", "tue") and (token.capital or dot))
            or (prev.text in (",", "(") and (said.at(i - 2).kind in ("number", "ordinal", "date")) and token.capital)
        )
        if not fine or nxt.text in ("will", "is", "has", "in", "down", "with", "keyboard", "on"):
            return None
    if dot and len(token.text) <= 5:
        j += 1
    return j, number


def month_at(said: Said, i: int) -> tuple[int, int] | None:
    """Return the index after the name of a month at `i`, and which."""
    token = said.at(i)
    number = MONTHS.get(token.text)
    if number is None:
        return None
    j = i + 1
    if len(token.text) <= 4 and said.word(j) == "." and token.text != "may":
        j += 1
    return j, number


def day_number(said: Said, i: int, *, bare: bool = False) -> tuple[int, int] | None:
    """Return the index after a day of the month at `i` ("the fifteenth", "15th", "15") and the day."""
    j = said.skip(i, ("the",))
    token = said.at(j)
    if not 1 <= token.value <= 31 or token.kind not in ("ordinal", "number"):
        return None
    if token.kind == "number" and (len(token.text) > 2 and not token.spelled):
        return None
    if token.kind == "number" and bare:
        return None
    nxt = said.at(j + 1)
    if token.kind == "number" and (nxt.text in SPANS or nxt.text in ("minutes", "hours", "percent", "%", "times")):
        return None
    k = j + 1
    if token.kind == "ordinal" and nxt.text == "day" and said.word(k + 1) in ("of", "in"):
        k += 1
    return k, token.value


def with_part(said: Said, i: int) -> int:
    """Return the index after "morning", "afternoon" and the like at `i`."""
    return said.skip(i, ("morning", "afternoon", "evening", "night", "am", "pm", "noon"))
