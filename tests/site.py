"""Every address of the site with an example object of the demo, for the tests that walk all pages."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One URL pattern: its name, its route, and the converters it wants."""

    name: str
    route: str
    wants: tuple[str, ...]


def addresses() -> list[Address]:
    """All named patterns, in order; an unnamed one fails, for nobody could list it."""
    return sorted(_walk(get_resolver().url_patterns, ""), key=lambda a: a.name)


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[Address]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            assert pattern.name, f"the address {route} has no name"
            yield Address(pattern.name, route, tuple(pattern.pattern.converters))
