from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "jizhi.messages"
    label = "jizhi_messages"
    verbose_name = "消息"
    default_auto_field = "django.db.models.BigAutoField"
