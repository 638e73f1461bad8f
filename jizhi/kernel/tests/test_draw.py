from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jizhi.kernel.draw import draw, lot, sample

KEYS = st.lists(st.text(min_size=1, max_size=5), unique=True, max_size=20)


def test_anyone_can_repeat_a_lot() -> None:
    assert lot("太安小学2026秋", "教务处") == sha256("太安小学2026秋\n教务处".encode()).hexdigest()


@given(keys=KEYS, seed=st.text(max_size=10))
def test_the_order_is_strict_and_does_not_depend_on_the_order_given(keys: list[str], seed: str) -> None:
    assert draw(keys, seed=seed) == draw(reversed(keys), seed=seed)
    assert sorted(draw(keys, seed=seed)) == sorted(keys)


def test_a_sample_is_the_head_of_the_draw() -> None:
    keys = ["教务处", "德育处", "总务处", "办公室"]
    assert sample(keys, 2, seed="2026") == draw(keys, seed="2026")[:2]
    assert sample(keys, 9, seed="2026") == draw(keys, seed="2026")


def test_a_key_that_occurs_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        draw(["教务处", "教务处"], seed="2026")
