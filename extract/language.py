"""Tokens and sentences of a turn, and the words that begin a new thought: the one place that knows spaCy.

The pipeline is spaCy's blank English with its tokenizer, a component of ours that bounds sentences, and a `Matcher`
over the tokens. No model is loaded and nothing is fetched. Places are half-open, in characters of the text given.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:  # importing spaCy takes half a second, so only `_pipeline` does
    from spacy.language import Language
    from spacy.matcher import Matcher
    from spacy.tokens import Doc, Token

LONGEST: Final = 100_000_000  # characters of one turn; spaCy's own limit is meant for its parser, which we don't use

_SHORT: Final = frozenset(("ms.", "mr.", "mrs.", "dr.", "st.", "prof.", "e.g.", "i.e.", "vs."))  # end no sentence
_INITIALS: Final = re.compile(r"[a-z](?:\.[a-z])+\.", re.IGNORECASE)  # "p.m.", "O.T."
_AFTER_INITIALS: Final = frozenset(
    ("i", "we", "you", "he", "she", "they", "it", "that", "so", "and", "but", "okay", "yes", "no", "let", "can")
)
# one word each; spaCy parts others at their hyphens, and must, for "okay-we'll" is how a dash reads in a view
_COMPOUNDS: Final = ("one-to-one", "one-on-one", "follow-up", "check-in", "push-in", "pull-out", "pull-up", "co-taught")

_MARKS: Final = re.compile(r"[.!?;…]+")
_MARKED: Final = re.compile(r".*[.!?;…]", re.DOTALL)
_ELLIPSIS: Final = re.compile(r"\.\.\.+|…")
_CLOSING: Final = frozenset("\"')]")
_DASHES: Final = frozenset(("-", "--"))
_SURROGATE: Final = re.compile("[\ud800-\udfff]")  # half a character: spaCy keeps words as UTF-8, which has none

_FILLERS: Final = {"LOWER": {"IN": ["um", "uh", "like", "maybe"]}, "OP": "*"}
_SUBJECTS: Final = {
    "LOWER": {
        "IN": [
            *("i", "we", "you", "he", "she", "they", "it", "that", "there", "this", "the", "who", "what", "if"),
            *("nobody", "somebody", "ms", "ms.", "mr", "mr.", "mrs", "mrs.", "can", "ca", "could"),
        ]
    }
}
_LET: Final = [{"LOWER": "let"}, {"LOWER": {"IN": ["'s", "me"]}}]
_JOINERS: Final = {
    "LOWER": {
        "IN": [
            *("and", "but", "so", "then", "or", "because", "cuz", "cause", "'cause"),
            *("um", "uh", "okay", "yeah", "well", "no", "yes"),
        ]
    }
}
_I_WE: Final = {"LOWER": {"IN": ["i", "we"]}}
_PATTERNS: Final[dict[str, list[list[dict[str, Any]]]]] = {
    # a joining word before a new subject: "and then we", "because um she", "okay let's"
    "join": [
        [*joiner, _FILLERS, *subject]
        for joiner in ([_JOINERS], [{"LOWER": "and"}, {"LOWER": {"IN": ["then", "so"]}}])
        for subject in ([_SUBJECTS], _LET)
    ],
    # a subject with its verb: where a long run without marks begins anew
    "restart": [
        [_I_WE, {"LOWER": "'ll"}],
        [_I_WE, {"LOWER": {"IN": ["'m", "'re"]}}, {"LOWER": "going"}, {"LOWER": "to"}],
        [{"LOWER": "i"}, {"LOWER": "'d"}, {"LOWER": "like"}],
        [_I_WE, {"LOWER": "ca"}, {"LOWER": "n't"}],
        [{"LOWER": "we"}, {"LOWER": "do"}, {"LOWER": "n't"}],
        [{"LOWER": "let"}, {"LOWER": "me"}],
        [{"LOWER": "i"}, {"LOWER": "want"}],
        [{"LOWER": {"IN": ["can", "could"]}}, {"LOWER": {"IN": ["you", "we"]}}],
    ],
}


class Sentence(NamedTuple):
    """The place of a sentence without the marks around it, and the mark that ends it ("" where none does)."""

    start: int
    end: int
    mark: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text's tokens and sentences, and where in it a joining word or a subject and verb begin a new thought."""

    starts: tuple[int, ...]  # of the tokens
    ends: tuple[int, ...]
    sentences: tuple[Sentence, ...]
    joins: tuple[int, ...]
    restarts: tuple[int, ...]

    def inside_word(self, at: int) -> bool:
        """Tell whether a place lies within a token, neither before its first letter nor after its last."""
        k = bisect_right(self.starts, at) - 1
        return k >= 0 and self.starts[k] < at < self.ends[k]


@lru_cache(maxsize=4096)
def parsed(text: str) -> Parsed:
    """Return the tokens, sentences and beginnings of a text in any case; no text is too odd for it."""
    nlp, matcher = _pipeline()
    doc = nlp(_SURROGATE.sub("\ufffd", text))
    found: dict[str, set[int]] = {"join": set(), "restart": set()}
    for name, start, _ in matcher(doc):
        found[doc.vocab.strings[name]].add(doc[start].idx)
    tokens = [t for t in doc if not t.is_space]
    return Parsed(
        tuple(t.idx for t in tokens),
        tuple(t.idx + len(t) for t in tokens),
        tuple(s for span in doc.sents if (s := _sentence(list(span)))),
        tuple(sorted(found["join"])),
        tuple(sorted(found["restart"])),
    )


@lru_cache(maxsize=1)
def _pipeline() -> tuple[Language, Matcher]:
    import spacy
    from spacy.language import Language
    from spacy.matcher import Matcher

    if not Language.has_factory("onrecord_bounds"):
        Language.component("onrecord_bounds", func=_bounded, assigns=["token.is_sent_start"])
    nlp = spacy.blank("en")
    nlp.max_length = LONGEST
    nlp.tokenizer = _tokenizer(nlp)
    nlp.add_pipe("onrecord_bounds")
    matcher = Matcher(nlp.vocab)
    for name, patterns in _PATTERNS.items():
        matcher.add(name, patterns)
    return nlp, matcher


def _tokenizer(nlp: Language) -> Callable[[str], Doc]:
    """Return spaCy's English tokenizer with our titles, initials, compounds and short forms after any word."""
    from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found] # no stub of it
    from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

    english = nlp.Defaults
    suffixes = [*(english.suffixes or ()), r"(?<=[a-zA-Z])['’](?:ll|d|ve|re)"]  # "nobody'll" is two
    whole = [w for word in (*_SHORT, *_COMPOUNDS) for w in (word, word.capitalize())]
    tokenizer: Callable[[str], Doc] = Tokenizer(
        nlp.vocab,
        rules={**(english.tokenizer_exceptions or {}), **{w: [{"ORTH": w}] for w in whole}},
        prefix_search=compile_prefix_regex(english.prefixes or ()).search,
        suffix_search=compile_suffix_regex(suffixes).search,
        infix_finditer=compile_infix_regex(english.infixes or ()).finditer,
        token_match=_INITIALS.fullmatch,
        url_match=english.url_match,
    )
    return tokenizer


def _bounded(doc: Doc) -> Doc:
    """Bound the sentences: after a mark and the quotes that close on it, at a new line, " -- " and "..."."""
    import numpy as np

    starts, ended = np.full(len(doc), -1, dtype=np.int64), True
    for token in doc:
        if ended:
            starts[token.i] = 1
        ended = _ends(token)
    # set at once: each `token.is_sent_start = ...` looks through the whole text
    column: Any = starts.astype(np.uint64).reshape(-1, 1)
    return doc.from_array(["SENT_START"], column) if len(doc) else doc


def _ends(token: Token) -> bool:
    text, doc = token.text, token.doc
    if text.isalnum():  # nearly every token
        return False
    if token.is_space:
        return "\n" in text
    following = doc[token.i + 1] if token.i + 1 < len(doc) else None
    if text in _DASHES:
        spaced = bool(doc[token.i - 1].whitespace_ or doc[token.i - 1].is_space) if token.i else False
        return spaced and bool(token.whitespace_)
    if text.lower() in _SHORT:
        return False
    if _INITIALS.fullmatch(text):  # "by 3 p.m. on Friday" goes on, "at 3 p.m. we will" does not
        return following is not None and following.lower_ in _AFTER_INITIALS
    if not _MARKED.fullmatch(text) and not _closes(token):
        return False
    if following is not None and not token.whitespace_ and (_closes(following) or _MARKS.fullmatch(following.text)):
        return False  # the quote that closes on the mark belongs with it, and so does the rest of "...?"
    return bool(token.whitespace_) or following is None or following.is_space or bool(_ELLIPSIS.search(text))


def _closes(token: Token) -> bool:
    """Tell whether a token is a quote or bracket that closes on a mark before it."""
    for _ in range(4):  # quotes and brackets in a row
        if token.text not in _CLOSING or not token.i or token.nbor(-1).whitespace_:
            return False
        token = token.nbor(-1)
        if _MARKED.fullmatch(token.text):
            return True
    return False


def _sentence(tokens: list[Token]) -> Sentence | None:
    words = [t for t in tokens if not _is_mark(t)]
    if not words:
        return None
    first, last = words[0], words[-1]
    start, end = first.idx, last.idx + len(last)
    if last.text.lower() not in _SHORT and not _INITIALS.fullmatch(last.text):
        end -= len(last.text) - len(last.text.rstrip(".!?;…"))  # "b." is one token to spaCy
    closing = tokens[-1]
    return Sentence(start, end, closing.doc.text[end : closing.idx + len(closing)])


def _is_mark(token: Token) -> bool:
    text = token.text
    return token.is_space or text in _DASHES or bool(_MARKS.fullmatch(text)) or _closes(token)
