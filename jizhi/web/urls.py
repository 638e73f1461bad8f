"""Every address of the site; each room lists its own in its web.py."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
]
