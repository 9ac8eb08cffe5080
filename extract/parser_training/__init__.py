"""How the shipped tagger and parser is made."""
