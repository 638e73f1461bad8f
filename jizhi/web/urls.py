"""Every address of the site; each room lists its own in its web.py."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("jizhi.web.accounts")),
    path("", include("jizhi.ui.web")),
    path("", include("jizhi.access.web")),
    path("", include("jizhi.evidence.web")),
    path("", include("jizhi.procedure.web")),
    path("", include("jizhi.office.web")),
    path("", include("jizhi.supervision.web")),
    path("", include("jizhi.web.web")),
]
