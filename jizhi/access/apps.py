from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "jizhi.access"
    label = "access"
    verbose_name = "权限"
    default_auto_field = "django.db.models.BigAutoField"
