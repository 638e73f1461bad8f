"""Who may what with appraisal."""

from jizhi.access.permission import Permission, Scope

PERMISSIONS: tuple[Permission, ...] = ()
SCOPES: tuple[Scope, ...] = ()
