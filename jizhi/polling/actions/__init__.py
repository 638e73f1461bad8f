"""Acts of polls: making, roll, issuing, paper, close. Casting a ballot is none of them (polling.box)."""

from jizhi.polling.actions.close import close_poll
from jizhi.polling.actions.issue import issue_mark, print_slips, start_tablet, take_back
from jizhi.polling.actions.make import (
    FROZEN,
    Question,
    Settings,
    Subject,
    Typed,
    drop_poll,
    edit_poll,
    enter_person,
    import_roll,
    make_poll,
    open_poll,
    strike_off,
)
from jizhi.polling.actions.paper import check_tally, enter_named, enter_paper, enter_tally, reject_tally
from jizhi.polling.actions.refused import PollRefused
from jizhi.polling.actions.symposium import add_opinion, answer_opinion, finish_symposium, record_symposium

__all__ = [
    "FROZEN", "PollRefused", "Question", "Settings", "Subject", "Typed", "add_opinion", "answer_opinion", "check_tally", "close_poll",
    "drop_poll", "edit_poll", "enter_named", "enter_paper", "enter_person", "enter_tally", "finish_symposium", "import_roll",
    "issue_mark", "make_poll", "open_poll", "print_slips", "record_symposium", "reject_tally", "start_tablet", "strike_off", "take_back",
]  # fmt: skip
