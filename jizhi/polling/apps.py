from django.apps import AppConfig


class PollingConfig(AppConfig):
    name = "jizhi.polling"
    label = "polling"
    verbose_name = "测评"
    default_auto_field = "django.db.models.BigAutoField"
