"""Every address of the site; each room lists its own in its web.py."""

from django.urls import include, path

ROOMS = (
    "ui",
    "access",
    "evidence",
    "procedure",
    "polling",
    "office",
    "supervision",
    "fund",
    "appraisal",
    "disclosure",
    "web",
)  # each has urlpatterns in web.py

urlpatterns = [
    path("accounts/", include("jizhi.web.accounts")),
    *(path("", include(f"jizhi.{room}.web")) for room in ROOMS),
]
