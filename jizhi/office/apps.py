from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "jizhi.office"
    label = "office"
    verbose_name = "办公"
    default_auto_field = "django.db.models.BigAutoField"
