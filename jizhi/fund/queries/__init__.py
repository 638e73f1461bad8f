"""Reads of the fund. What other rooms ask for is here."""

from jizhi.fund.queries.ledger import outstanding

__all__ = ["outstanding"]
