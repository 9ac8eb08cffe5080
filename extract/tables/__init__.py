"""Tables that are data: what a refusal calls for, what talk is about."""
