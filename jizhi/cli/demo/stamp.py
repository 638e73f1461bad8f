"""When and as what the demo's people act, and the drawings they attach."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime, time

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from jizhi.access.actor import Actor, actor_of
from jizhi.org.models import Person


def noon(day: date) -> datetime:
    """The moment that a demo act of a day is stamped with."""
    return timezone.make_aware(datetime.combine(day, time(10, 30)))


def acting(person: Person, *, today: date, body: str | None = None, title: str | None = None) -> Actor:
    """The person in the seat of a body, or in a post by title, else as he comes."""
    actor = actor_of(person, today=today)
    for holding in actor.holdings:
        if (body and holding.body == body) or (title and holding.title == title):
            return replace(actor, acting=holding)
    return actor


def sketch(number: int) -> SimpleUploadedFile:
    """A drawn floor plan, so that the demo has a picture that shows nobody."""
    image = Image.new("RGB", (480, 320), "white")
    draw = ImageDraw.Draw(image)
    for column in range(4):
        for row in range(3):
            left, top = 30 + column * 110, 30 + row * 95
            marked = (column + row * 4) == number % 12
            draw.rectangle((left, top, left + 90, top + 70), outline="black", fill=(163, 32, 31) if marked else None)
    out = io.BytesIO()
    image.save(out, "PNG")
    return SimpleUploadedFile("现场示意图.png", out.getvalue(), "image/png")
