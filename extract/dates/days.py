"""Single days: weekdays, days of the month, "today" and its neighbours."""

from __future__ import annotations

from datetime import date, timedelta

from extract.dates.absolute import written
from extract.dates.cursor import Said, year
from extract.dates.values import Hit, Reading, add_months, last_weekday, make, monday, next_weekday, one_day, plus
from extract.dates.words import AFTER_A_DAY, DOUBTFUL_WEEKDAYS, MONTHS, SPANS, WEEKDAYS, words

_LAST = words("last past previous prior")
_WEEKLY = words("mornings afternoons evenings nights folder folders packet packets club schedule newsletter")
_NOT_A_DAY = words(
    "grade graders grader percentile quarter semester trimester time one thing page goal period hour step half "
    "reason year years week weeks day days month months party person floor trial attempt option part place "
    "draft section round paragraph bullet line box item row column level tier school meeting evaluation "
    "language"
)


def relative_day(said: Said, i: int) -> Hit | None:
    """Read "today", "tomorrow", "the day after tomorrow", "tonight", "end of day"."""
    ref = said.reference
    word = said.word(i)
    if word in ("today", "today's", "todays", "tonight", "tonight's"):
        return _with_part(said, i + 1), one_day(ref, why="today")
    if word in ("tomorrow", "tomorrows", "tomorrow's", "tmrw", "tmr", "tomorow"):
        return _with_part(said, i + 1), one_day(plus(ref, 1), why="tomorrow")
    if word in ("yesterday", "yesterday's"):
        return _with_part(said, i + 1), one_day(plus(ref, -1), why="yesterday")
    if word == "this" and said.word(i + 1) in ("morning", "afternoon", "evening"):
        return i + 2, one_day(ref, why="today")
    j = said.skip(i, ("the",))
    if said.word(j) in ("day", "days") and said.word(j + 1) in ("after", "before", "following"):
        nxt = said.word(j + 2)
        if said.word(j + 1) == "after" and nxt in ("tomorrow", "tmrw", "tomorow"):
            return _with_part(said, j + 3), one_day(plus(ref, 2), why="day after tomorrow")
        if said.word(j + 1) == "before" and nxt == "yesterday":
            return j + 3, one_day(plus(ref, -2), why="day before yesterday")
    if said.word(j) == "next" and said.word(j + 1) == "day" and said.word(j + 2) not in ("and", "or"):
        return j + 2, one_day(plus(said.before or ref, 1), why="next day")
    if said.word(j) in ("last", "past") and said.word(j + 1) == "day" and j == i and said.ends(j + 2):
        return j + 2, one_day(plus(ref, -1), why="last day")
    if word in ("eod", "cob"):
        return i + 1, one_day(ref, why="end of day")
    return None


def _with_part(said: Said, i: int) -> int:
    """Return the index after "morning", "afternoon" and the like at `i`."""
    return said.skip(i, ("morning", "afternoon", "evening", "night", "am", "pm", "noon"))


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
    got = _numeric(said, j) or _month_first(said, j) or _day_first(said, j)
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


def _day_first(said: Said, i: int) -> tuple[int, int | None, int, int] | None:
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


def weekday(said: Said, i: int) -> Hit | None:
    """Read a weekday with what says which: "next Friday", "Friday the thirteenth", "Tuesday of next week"."""
    ref = said.reference
    j = said.skip(i, ("the",))
    how = ""
    word = said.word(j)
    if word in ("this", "that", "next", "last", "past", "previous", "prior", "coming", "upcoming", "following"):
        how, j = word, j + 1
        if how in ("this", "the", "that") and said.word(j) in ("coming", "upcoming", "past", "next", "last", "one"):
            how, j = (said.word(j) if said.word(j) != "one" else how), j + 1
    name = weekday_at(said, j)
    if name is None:
        return None
    j, w = name
    if said.word(j) in _WEEKLY:
        return None
    j = _with_part(said, j)
    dom = _dom_after(said, j)
    if dom is not None:
        return dom[0], _weekday_dom(ref, w, dom[1], how)
    return _which_week(said, j, w, how)


def _dom_after(said: Said, j: int) -> tuple[int, int] | None:
    """Return the day of the month that follows a weekday: "the thirteenth", "13th", "then the third"."""
    k = said.skip(j, (",",))
    k = said.skip(k, ("then",))
    token = said.at(said.skip(k, ("the",)))
    day = day_number(said, k, bare=said.word(k) != "the" and said.at(k).spelled)
    if day is None:
        return None
    nxt = said.at(day[0])
    if token.kind == "number" and (
        said.word(k) != "the"
        and (k > j or nxt.kind in ("number", "time") or nxt.text in ("-", "am", "pm", "to", "or", "/", "in"))
    ):
        return None
    if nxt.text in _NOT_A_DAY:
        return None
    return day


def _weekday_dom(ref: date, w: int, dom: int, how: str) -> Reading:
    """Return the next such weekday that falls on the day of the month; a passed one of this month as second reading."""
    ahead: list[date] = []
    behind: list[date] = []
    first = ref.replace(day=1)
    for k in range(-2, 30):
        month = add_months(first, k)
        day = make(month.year, month.month, dom) if month else None
        if day is None or day.weekday() != w:
            continue
        if day >= ref:
            ahead.append(day)
        elif (ref - day).days < 45:
            behind.append(day)
        if len(ahead) >= 1:
            break
    if how in _LAST and behind:
        return one_day(behind[-1], *ahead[:1], why="weekday and day")
    if not ahead:
        return one_day(None, why="weekday and day")
    near = _next_dom(ref, dom)
    mistaken = [near] if near is not None and (ahead[0] - ref).days > 60 and (near - ref).days < 40 else []
    if mistaken:  # the weekday and the day do not go together this year: somebody misspoke
        mistaken.append(next_weekday(ref, w))
    return one_day(ahead[0], *mistaken, *behind[-1:], why="weekday and day")


def _which_week(said: Said, j: int, w: int, how: str) -> Hit:
    """Read what follows a weekday and return the day: "of next week", "after next", "week"."""
    ref = said.reference
    k = said.skip(j, ("of", "from", "in", "on", ","))
    k = said.skip(k, ("the",))
    if said.word(k + 1) == "week" and said.word(k) in (
        "this",
        "next",
        "last",
        "following",
        "coming",
        "previous",
        "past",
        "current",
    ):
        step = {"next": 1, "following": 1, "coming": 1, "last": -1, "previous": -1, "past": -1}.get(said.word(k), 0)
        return k + 2, one_day(plus(monday(ref), 7 * step + w), why="weekday of a week")
    if said.phrase(j, "after", "next"):
        return j + 2, one_day(plus(monday(ref), 14 + w), why="weekday after next")
    if said.word(j) == "week" and not how and said.word(j - 1) in WEEKDAYS and (said.ends(j + 1) or said.lenient):
        return j + 1, one_day(plus(next_weekday(ref, w), 7), why="weekday week")
    if how in ("next", "following"):
        coming, later = next_weekday(ref, w), plus(monday(ref), 7 + w)
        if how == "next" and later is not None and coming != later:
            return j, one_day(later, coming, why="next weekday").but(weekday=w)
        return j, one_day(later or coming, why="next weekday").but(weekday=w)
    if how in _LAST:
        recent, week_before = last_weekday(ref, w), plus(monday(ref), w - 7)
        if how == "past" or week_before is None:
            return j, one_day(recent, why="last weekday").but(weekday=w)
        return j, one_day(week_before, recent, why="last weekday").but(weekday=w)
    base = said.before if how == "that" and said.before is not None else ref
    coming = next_weekday(base, w)
    if how == "that" and said.before is not None:
        return j, one_day(plus(monday(base), w), why="weekday of that week").but(weekday=w)
    if base.weekday() == w:
        if how == "this":
            return j, one_day(base, coming, why="weekday").but(weekday=w)
        if not how:
            return j, one_day(coming, base, why="weekday").but(weekday=w)
    return j, one_day(coming, why="weekday").but(weekday=w)


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
    if (token.kind != "ordinal" or how) and not the_thirty:
        return None
    if not _means_a_day(said, i, j, the):
        return None
    return j + 1, resolve_dom(said.reference, token.value, said.before)


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
    month = add_months(said.reference.replace(day=1), step or 0)
    day = make(month.year, month.month, token.value) if month else None
    return k + 1, one_day(day, why="day of a month")


def _means_a_day(said: Said, i: int, j: int, the: bool) -> bool:
    """Tell "the fifteenth" the day from "the fifteenth page"."""
    token, nxt, prev = said.at(j), said.at(j + 1), said.word(i - 1)
    if follows_in_list(said, i, j):
        return True
    small = token.spelled and token.value <= 3 and not the  # "right this second"
    if said.lenient and not small and (said.ends(j + 1) or nxt.text in AFTER_A_DAY or nxt.kind in ("number", "time")):
        return True
    if nxt.text in _NOT_A_DAY:
        return False
    led = prev in ("by", "on", "before", "until", "till", "through", "thru", "since", "than", "starting", "beginning",
                   "from", "after", "for", "around", "about", "due", "to")  # fmt: skip
    if nxt.text == "of" or (nxt.text == "and" and said.at(j + 2).kind == "word" and not led):
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


def follows_in_list(said: Said, i: int, j: int) -> bool:
    """Tell whether the number at `j` stands in a list with a dated day: "March third or fourth"."""
    if said.word(i - 1) in ("or", "and", ",") and 0 <= i - said.listed <= 2:
        return said.at(j + 1).text not in _NOT_A_DAY
    if said.word(j + 1) not in ("or", "and"):
        return False
    got = _day_first(said, j + 2)
    return got is not None and got[0] > j + 3


def _next_dom(ref: date, dom: int) -> date | None:
    for k in range(0, 4):
        month = add_months(ref.replace(day=1), k)
        day = make(month.year, month.month, dom) if month else None
        if day is not None and day >= ref:
            return day
    return None


def resolve_dom(ref: date, dom: int, before: date | None = None) -> Reading:
    """Return the next day of that number, today included; one of the last two weeks is the second reading."""
    ahead = _next_dom(ref, dom)
    behind = None
    for k in (0, -1):
        month = add_months(ref.replace(day=1), k)
        day = make(month.year, month.month, dom) if month else None
        if day is not None and day < ref:
            behind = day
            break
    if ahead == ref:  # who means today says "today"
        later = _next_dom(ref + timedelta(days=1), dom)
        return one_day(later or ahead, ref, why="day of the month").but(dom=dom)
    others = [behind] if behind is not None and (ref - behind).days <= 14 else []
    return one_day(ahead, *others, why="day of the month").but(dom=dom)
