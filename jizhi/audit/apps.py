from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "jizhi.audit"
    label = "audit"
    verbose_name = "办理日志"
    default_auto_field = "django.db.models.BigAutoField"
