from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "jizhi.audit"
    label = "audit"
    verbose_name = "办理日志"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from jizhi.audit.protect import assert_triggers, check_triggers

        post_migrate.connect(assert_triggers, sender=self)  # asserts only: nothing is changed by a signal
        checks.register(check_triggers, checks.Tags.database)
