"""Ids of rows as they come from addresses and forms."""

LONGEST = 17  # digits; more than any table needs, and what every database takes


def id_of(text: object) -> int:
    """The id that a text is; 0, which no row has, for everything else."""
    said = str(text or "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= LONGEST else 0
