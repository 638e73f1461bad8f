"""The addresses of allauth that are open: nobody signs up, and a lost password is reset by the office."""

from allauth.account import views
from django.http import HttpRequest, HttpResponse
from django.urls import path

from jizhi.access.gate import Forbidden
from jizhi.access.web import log_in


def no_password(request: HttpRequest) -> HttpResponse:
    """Where allauth sends an account without a password: the demo's, or one not opened yet."""
    raise Forbidden("您的帐号没有设密码，不能自己修改，请联系本单位的系统管理员开通")


urlpatterns = [
    path("login/", log_in, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", no_password, name="account_set_password"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("inactive/", views.account_inactive, name="account_inactive"),
]
