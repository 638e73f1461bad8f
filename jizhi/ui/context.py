"""What every page knows."""

from typing import Any

from django.http import HttpRequest

LARGE_COOKIE = "jz_large"


def page(request: HttpRequest) -> dict[str, Any]:
    """The actor and the size of the type: the person's own choice, or the cookie's before he logs in."""
    user = getattr(request, "user", None)
    own = bool(user and user.is_authenticated and user.large_type)
    return {"actor": getattr(request, "actor", None), "large_type": own or request.COOKIES.get(LARGE_COOKIE) == "1"}
