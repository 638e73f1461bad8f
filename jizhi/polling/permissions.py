"""Who may what with polling."""

from jizhi.access.permission import Permission, Scope

PERMISSIONS: tuple[Permission, ...] = ()
SCOPES: tuple[Scope, ...] = ()
