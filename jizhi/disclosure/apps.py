from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "jizhi.disclosure"
    label = "disclosure"
    verbose_name = "公开"
    default_auto_field = "django.db.models.BigAutoField"
