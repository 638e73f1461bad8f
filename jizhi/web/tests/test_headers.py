"""What every answer tells the browser: no foreign and no inline code, no guessing of types, no frames, nothing kept on shared machines."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from jizhi.fund.tests.test_applying import Site, site

pytestmark = [pytest.mark.django_db, pytest.mark.req("X03")]
__all__ = ["site"]
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=\"|javascript:")


def addresses() -> list[str]:
    """Every address of the site that takes no argument."""
    found = []
    for name in get_resolver().reverse_dict:
        if isinstance(name, str):
            try:
                found.append(reverse(name))
            except NoReverseMatch:
                continue
    return sorted(found)


def check(answer: HttpResponse, address: str) -> None:
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["style-src"] == "'self'", address
    assert policy["script-src"] == ("'none'" if address.startswith(("/p/", "/robots", "/sitemap")) else "'self'"), address
    assert (policy["frame-ancestors"], policy["object-src"], policy["base-uri"]) == ("'none'",) * 3, address
    assert "unsafe" not in answer.headers["Content-Security-Policy"], address
    assert answer.headers["X-Content-Type-Options"] == "nosniff", address
    assert answer.headers["X-Frame-Options"] == "DENY", address
    assert answer.headers["Referrer-Policy"] == "same-origin", address
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        found = INLINE.search(answer.content.decode())
        assert found is None, (address, found)


def test_every_answer_is_guarded_and_what_is_inside_is_not_kept(site: Site) -> None:
    official, visitor, seen = site.browser("会计钱", "会计"), Client(), 0
    for address in addresses():
        inside, outside = official.get(address), visitor.get(address)
        check(inside, address)
        check(outside, address)
        if address.startswith(("/p/", "/robots", "/sitemap")):
            assert not outside.cookies, address
        elif not address.startswith("/proof/"):  # the log's key and checkpoint are anyone's
            assert "no-store" in inside.headers["Cache-Control"], address
            seen += inside.status_code == 200
    assert seen > 20
