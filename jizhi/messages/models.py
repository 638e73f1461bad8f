"""Messages inside the program: to one person, or to a body or post and read by whoever holds it."""

from django.db import models

from jizhi.org.models import Person


class Message(models.Model):
    to = models.ForeignKey(Person, models.CASCADE, related_name="inbox")
    title = models.CharField("标题", max_length=120)
    text = models.TextField("内容", blank=True)
    link = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=120, blank=True)  # sent once per key and person

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["to", "key"], condition=~models.Q(key=""), name="message_once")]

    def __str__(self) -> str:
        return self.title
