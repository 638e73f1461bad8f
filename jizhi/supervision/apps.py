from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "jizhi.supervision"
    label = "supervision"
    verbose_name = "督导"
    default_auto_field = "django.db.models.BigAutoField"
