"""Who may what with disclosure."""

from jizhi.access.permission import Permission, Scope

PERMISSIONS: tuple[Permission, ...] = ()
SCOPES: tuple[Scope, ...] = ()
