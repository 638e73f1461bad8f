from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "jizhi.results"
    label = "results"
    verbose_name = "结果"
    default_auto_field = "django.db.models.BigAutoField"
