"""The closed word lists of the date grammar: months, weekdays, number words, units.

Everything is lower case. Lists that carry doubt (an abbreviation that is also a word) stand apart.
"""

from __future__ import annotations


def words(listed: str) -> frozenset[str]:
    """Return the words of a list written with spaces between them."""
    return frozenset(listed.split())


MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
# months that are also words or first names: alone they count only beside a word that asks for a time
DOUBTFUL_MONTHS = words("march mar may april june august jan dec sep sept jun")

WEEKDAYS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "monday mon mondy",
            "tuesday tue tues",
            "wednesday wed weds wensday wednsday",
            "thursday thu thur thurs thirsday",
            "friday fri",
            "saturday sat",
            "sunday sun",
        )
    )
    for name in names.split()
}
DOUBTFUL_WEEKDAYS = words("mon wed weds sat sun fri thu tue")
PLURAL_WEEKDAYS: dict[str, int] = {
    f"{name}s": n for name, n in WEEKDAYS.items() if name.endswith("day") and name not in ("mondy",)
}

UNITS: dict[str, int] = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS: dict[str, int] = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
ORDINALS: dict[str, int] = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "twelth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15,
    "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip

FILLERS = words("um uh uhm umm er erm ah mm hmm")

# what is counted: unit -> grain
SPANS: dict[str, str] = {
    "day": "day", "days": "day", "week": "week", "weeks": "week", "wk": "week", "wks": "week",
    "month": "month", "months": "month", "year": "year", "years": "year", "yr": "year", "yrs": "year",
    "fortnight": "fortnight", "fortnights": "fortnight", "quarter": "quarter", "quarters": "quarter", "qtr": "quarter",
    "decade": "decade", "decades": "decade", "weekend": "weekend", "weekends": "weekend", "night": "day",
    "nights": "day",
}  # fmt: skip
DAY_KINDS: dict[str, str] = {
    "school": "school", "instructional": "school", "business": "business", "working": "business", "work": "business",
    "calendar": "calendar",
}  # fmt: skip

# words that may follow a bare "the fifteenth" without making it a kind of something ("the fifteenth page")
AFTER_A_DAY = words(
    "and or but at to through thru until till by in for is was works would will we i you he she they it so if that "
    "thats then because with as when which are can could should do does did okay ok yeah yes no not please too "
    "unless since from after before on has have had around about just maybe also i'll we'll i'm that's it's you'll "
    "i'd we'd he'll she'll they'll there where what who how right sharp its whichever well same first of "
    "'s sounds looks seems might may must send sent meet meeting this next last now here instead either anyway "
    "tomorrow today afternoon evening your my our his her their let let's lets"
)
