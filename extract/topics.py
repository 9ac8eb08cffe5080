"""What a finding is about, as a short phrase in lower case; the words stand in `tables/topics.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def topics() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the topics with the words that speak of them, the particular before the general."""
    plain = tomllib.loads((resources.files("extract") / "tables" / "topics.toml").read_text(encoding="utf8"))
    return tuple((name, re.compile(r"\b(?:" + words + r")\b")) for name, words in plain["topic"].items())


def topic_of(*texts: str) -> str:
    """Return the topic that the first of `texts` to speak of one speaks of; "other" where none does."""
    for text in texts:
        places = [(m.start(), name) for name, pattern in topics() if (m := pattern.search(text))]
        counts = {name: len(pattern.findall(text)) for name, pattern in topics()}
        if places:
            order = [name for name, _ in topics()]
            return max((name for _, name in places), key=lambda n: (counts[n], -order.index(n)))
    return "other"
