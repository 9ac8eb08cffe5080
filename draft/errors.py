"""What a person who changes a template, or hands in a district's notice, can mend."""

from __future__ import annotations

from casefile.errors import CaseError


class LetterError(CaseError):
    """A template, a fact of law or a document cannot be used as it is."""
