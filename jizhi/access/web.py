"""Log-in with the demo's own, and the choice of the acting post."""

from typing import Any

from allauth.account.views import LoginView
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from jizhi.access.actions import choose_holding
from jizhi.access.demo import demo_logins, enter_demo


@method_decorator(login_not_required, name="dispatch")
class Login(LoginView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "demo_logins": demo_logins(self.request)}


log_in = Login.as_view()  # the address is with allauth's others in web/accounts.py


@login_not_required
@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    enter_demo(request, request.POST.get("username", ""))
    return _back(request)


@require_POST
def switch_post(request: HttpRequest) -> HttpResponse:
    choose_holding(request, request.POST.get("key", ""))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To ``next`` when it is an address of this site, else home."""
    to = request.POST.get("next", "")
    safe = to.startswith("/") and url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return redirect(to if safe else resolve_url("/"))


urlpatterns = [
    path("accounts/demo/", demo_login, name="demo_login"),
    path("me/post/", switch_post, name="switch_post"),
]
