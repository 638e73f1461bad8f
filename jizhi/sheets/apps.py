from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "jizhi.sheets"
    label = "sheets"
    verbose_name = "评分表"
    default_auto_field = "django.db.models.BigAutoField"
