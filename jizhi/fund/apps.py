from django.apps import AppConfig
from django.db.models.signals import post_migrate


class FundConfig(AppConfig):
    name = "jizhi.fund"
    label = "fund"
    verbose_name = "帮扶基金"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from jizhi.fund.protect import assert_triggers

        post_migrate.connect(assert_triggers, sender=self)
