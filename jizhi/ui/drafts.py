"""Typed text that is kept while a form is open: one draft per user and form address; survives log-out."""

from typing import Any

from jizhi.org.models import Draft, User

KEY_LENGTH = 200
LARGEST = 100_000  # characters of JSON; a form's text, never a file


def kept(user: User, key: str) -> Draft | None:
    return Draft.objects.filter(user=user, key=key[:KEY_LENGTH]).first()


def keep(user: User, key: str, data: dict[str, Any]) -> Draft:
    draft, _ = Draft.objects.update_or_create(user=user, key=key[:KEY_LENGTH], defaults={"data": data})
    return draft


def drop(user: User, key: str) -> None:
    """Forget the draft: the form was handed in."""
    Draft.objects.filter(user=user, key=key[:KEY_LENGTH]).delete()
