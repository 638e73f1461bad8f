"""The hall's tablet between two people. Guessing its digits is counted on its row, so that no new cookie and no second request at
the same time gives more tries; what it does goes under the poll's lock, so that a double click is one act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.db.models import F

from jizhi.access.actor import Actor, actor_of
from jizhi.access.gate import Forbidden
from jizhi.polling import box
from jizhi.polling.actions import PollRefused, issue_mark, take_back
from jizhi.polling.models import Channel, Poll, Tablet
from jizhi.polling.rules import pin_typed

MOST = 10  # wrong digits in a tablet's life: it is then to be started anew


def guessed(tablet: Tablet, pin: str) -> bool:
    """Whether the digits are right. A try is counted before it is judged and given back when it was right."""
    mine = Tablet.objects.filter(pk=tablet.pk)
    if not mine.filter(wrong__lt=MOST).update(wrong=F("wrong") + 1):
        return False
    right = check_password(pin_typed(pin[:20]), tablet.pin)
    if right:
        mine.update(wrong=F("wrong") - 1)
    tablet.wrong = mine.values_list("wrong", flat=True).first() or 0
    return right


@transaction.atomic
def hand_over(tablet_id: int, number: str, *, today: date) -> None:
    """Mark the person on the roll; from here to the ballot nothing goes along but the code."""
    tablet = _locked(tablet_id)
    if tablet.desk and not tablet.code:
        tablet.code = issue_mark(tablet.poll_id, [number], Channel.TABLET, by=_official(tablet, today), today=today)
        tablet.desk = False
        tablet.save(update_fields=["code", "desk"])


@transaction.atomic
def cast_here(tablet_id: int, answers: Sequence[box.Answer]) -> str:
    """The ballot goes into the box, once. Why it did not, or an empty text; the tablet is free again either way."""
    try:
        tablet = _locked(tablet_id)
        code, tablet.code = tablet.code, ""
        tablet.save(update_fields=["code"])
        if code:  # else it was sent twice
            box.cast(code, answers, poll=tablet.poll)
    except (PollRefused, box.BallotRefused) as refused:
        return refused.text
    return ""


@transaction.atomic
def call_off(tablet_id: int, number: str, *, today: date) -> None:
    """The person does not vote here after all: the mark is lifted."""
    tablet = _locked(tablet_id)
    if tablet.code:
        take_back(tablet.poll_id, number, tablet.code, by=_official(tablet, today), today=today)
        tablet.code, tablet.desk = "", True
        tablet.save(update_fields=["code", "desk"])


def _locked(tablet_id: int) -> Tablet:
    """The poll first, as the close does."""
    poll = Poll.objects.select_for_update().filter(tablets=tablet_id).first()
    if poll is None:
        raise PollRefused("这台平板已经停用，请工作人员登录后重新启用")
    tablet = Tablet.objects.select_for_update().select_related("official").get(pk=tablet_id)
    tablet.poll = poll
    return tablet


def _official(tablet: Tablet, today: date) -> Actor:
    """Who handed the tablet over, in the post he then acted in; refused once he no longer holds it."""
    actor = actor_of(tablet.official, today=today, key=tablet.acting or None)
    if tablet.acting and (actor.acting is None or actor.acting.key != tablet.acting):
        raise Forbidden("启用平板的工作人员已不担任当时的职务，请由工作人员重新登录后启用")
    return actor
