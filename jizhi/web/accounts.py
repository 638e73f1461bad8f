"""The addresses of allauth that are open: nobody signs up, and a lost password is reset by the office."""

from allauth.account import views
from django.urls import path

from jizhi.access.web import log_in

urlpatterns = [
    path("login/", log_in, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("inactive/", views.account_inactive, name="account_inactive"),
]
