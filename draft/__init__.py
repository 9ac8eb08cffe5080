"""A ReviewedCase becomes Letters; owns the letter texts and the law behind them."""

from draft.letters import draft_letter, draft_letters

__all__ = ["draft_letter", "draft_letters"]
