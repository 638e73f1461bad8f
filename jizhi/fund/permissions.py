"""Who may what with fund."""

from jizhi.access.permission import Permission, Scope

PERMISSIONS: tuple[Permission, ...] = ()
SCOPES: tuple[Scope, ...] = ()
