"""Whose address counts when the site stands behind a reverse proxy."""

import importlib
import io
from typing import Any
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

import pytest
from django.test import override_settings
from django.urls import reverse

from jizhi.disclosure import rules
from jizhi.procedure.tests.village import build
from jizhi.settings import _proxies
from jizhi.web import wsgi

pytestmark = pytest.mark.django_db


@pytest.mark.req("X05")
@pytest.mark.django_db(transaction=True)  # a request through the server's own door closes its connection
def test_each_visitor_behind_a_proxy_has_his_own_measure_and_a_spoofed_header_helps_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_A_DAY", 1)
    address = reverse("public_tip_new", args=[build().unit.code])
    with override_settings(PROXIES=_proxies("10.0.0.5, 10.1.0.0/24")):
        application = importlib.reload(wsgi).application

    def sent(peer: str, forwarded: str) -> str:
        body = urlencode({"kind": "意见建议", "text": f"{peer} {forwarded}"}).encode()
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST", "PATH_INFO": address, "REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded,
            "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body),
        }  # fmt: skip
        setup_testing_defaults(environ)
        status: list[str] = []
        application(environ, lambda line, headers, *rest: status.append(line[:3])).close()
        return status[0]

    assert [sent("10.0.0.5", "203.0.113.7"), sent("10.0.0.5", "203.0.113.8")] == ["302", "302"]
    assert sent("10.0.0.5", "198.51.100.1, 203.0.113.7") == "429"  # what a visitor writes himself stands to the left
    assert sent("10.0.0.5", "203.0.113.8, 10.1.0.9") == "429"  # through a second proxy of ours
    assert [sent("203.0.113.9", "198.51.100.2"), sent("203.0.113.9", "198.51.100.3")] == ["302", "429"]  # no proxy: not believed


def test_nobody_is_believed_unless_named_and_a_typing_error_stops_the_start() -> None:
    assert _proxies("") == []
    for text in ("*", "10.0.0.5/8", "proxy"):
        with pytest.raises(ValueError, match=r"appear to be|host bits"):
            _proxies(text)
