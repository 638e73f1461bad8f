from django.apps import AppConfig


class FundConfig(AppConfig):
    name = "jizhi.fund"
    label = "fund"
    verbose_name = "帮扶基金"
    default_auto_field = "django.db.models.BigAutoField"
