from django.apps import AppConfig


class OrgConfig(AppConfig):
    name = "jizhi.org"
    label = "org"
    verbose_name = "机构与人"
    default_auto_field = "django.db.models.BigAutoField"
