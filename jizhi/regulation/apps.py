from django.apps import AppConfig


class RegulationConfig(AppConfig):
    name = "jizhi.regulation"
    label = "regulation"
    verbose_name = "制度"
    default_auto_field = "django.db.models.BigAutoField"
