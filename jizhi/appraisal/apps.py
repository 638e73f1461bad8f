from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    name = "jizhi.appraisal"
    label = "appraisal"
    verbose_name = "考评"
    default_auto_field = "django.db.models.BigAutoField"
