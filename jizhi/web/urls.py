"""Every address of the site; each room lists its own in its web.py."""

from importlib.util import find_spec

from django.urls import include, path

ROOMS = ("ui", "access", "evidence", "papers", "procedure", "office", "supervision", "web")  # each has urlpatterns in web.py

urlpatterns = [
    path("accounts/", include("jizhi.web.accounts")),
    *(path("", include(f"jizhi.{room}.web")) for room in ROOMS if find_spec(f"jizhi.{room}.web")),
]
