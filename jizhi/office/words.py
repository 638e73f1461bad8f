"""What an act is called on pages: the names that rooms give their permissions, and the few acts without one."""

from jizhi.access.gate import registry

WITHOUT_PERMISSION = {
    "access.choose_holding": "切换办理身份",
    "access.enter_demo": "演示登录",
    "messages.mark_read": "阅读消息",
}


def actions_known() -> dict[str, str]:
    """Action code → Chinese name."""
    return {**{code: permission.name for code, permission in registry().permissions.items()}, **WITHOUT_PERMISSION}
