# SPDX-License-Identifier: MIT
"""Every option: built from values of every type, set and got wherever it is accepted, before and after there is an
association. What is new among the options is tried without another word."""

import functools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sctpx
from sctpx import Endpoint, Socket, options
from sctpx.options import AutoClose, Linger, ReceiveBuffer, SendBuffer

from .anything import FRACTIONS, HOSTS, NUMBERS, THINGS, anything
from .optional import CLASSES, SETTABLE, build, fields_of, least, right, right_values
from .stage import HERE, SHORT, Stage, fresh_pair_works
from .tries import tries

FIELDS = [(cls, name, codec) for cls in SETTABLE for name, codec in fields_of(cls).items()]
REFUSALS = (sctpx.InvalidArgumentError, sctpx.UnsupportedError, sctpx.NotConnectedError, sctpx.DeniedError)


def judge(call: Callable[[], object], of_this_kind: str) -> None:
    """It works, or is refused, or is said not to be there on this kind of thing."""
    wrong = ""
    try:
        call()
    except REFUSALS:
        pass
    except TypeError as error:
        wrong = str(error)
    assert not wrong or of_this_kind in wrong, wrong


def name_of(value: object) -> str | None:
    return value.__name__ if isinstance(value, type) else None


def refusal(cls: Any, field: str, value: object, others: dict[str, Any]) -> str:
    """What the error says; "" of an option that is made, and keeps the value."""
    try:
        made = cls(**{field: value}, **others) if field else cls(value)
    except sctpx.SctpError:
        raise
    except (TypeError, ValueError) as error:
        return str(error)
    kept = getattr(made, field) if field else made.value
    assert kept == value and type(kept) is type(value)
    assert made == made and hash(made) == hash(made) and cls.__name__ in repr(made)
    return ""


@pytest.mark.parametrize(("cls", "field", "codec"), FIELDS, ids=name_of)
@tries(15, 300)
@given(data=st.data())
def test_any_value_makes_the_option_or_an_error_that_names_it(
    cls: Any, field: str, codec: object, data: st.DataObject
) -> None:
    refused = refusal(cls, field, data.draw(anything | right(codec)), {})
    assert not refused or (f"{cls.__name__}.{field}" if field else cls.__name__) in refused


@pytest.mark.parametrize("cls", SETTABLE, ids=name_of)
def test_each_wrong_value_in_each_field(cls: Any) -> None:
    """Of those that are listed, every one: alone, and with the least right values for all other fields."""
    fields = fields_of(cls)
    for field in fields:
        name = f"{cls.__name__}.{field}" if field else cls.__name__
        others = {other: least(codec) for other, codec in fields.items() if other != field}
        for value in (*THINGS, *NUMBERS, *FRACTIONS, *HOSTS):
            alone, beside = refusal(cls, field, value, {}), refusal(cls, field, value, others)
            assert not alone or (name in alone and name in beside), f"{value!r}: {alone!r}, {beside!r}"
            # What is right by itself may be more than another field allows.
            assert not beside or cls.__name__ in beside, f"{value!r}: {beside!r}"


@pytest.mark.parametrize("cls", SETTABLE, ids=name_of)
@tries(4, 100)
@given(data=st.data())
def test_any_right_value_is_set_or_refused_before_there_is_an_association(cls: Any, data: st.DataObject) -> None:
    option = build(cls, data.draw(right_values(cls)))
    if option is None:
        return
    for kind in (Socket, Endpoint):
        with kind() as sock:
            try:
                sock.set(option)
            except REFUSALS:
                continue
            taken(sock, cls, sock.get(cls))


def taken(sock: Socket | Endpoint, cls: Any, got: Any) -> None:
    """What was got can be set again, and is then got again."""
    fields = fields_of(cls)
    if "" in fields:
        again = cls(got)
    else:
        there = {name: getattr(got, name) for name in fields if hasattr(got, name)}
        if there.get("mtu") == 0:  # there is no path yet
            del there["mtu"]
        if there.get("delay") == 0:  # so Linux shows a frequency of 1
            del there["delay"]
        again = cls(**there)
    try:
        sock.set(again)
    except REFUSALS as error:
        pytest.fail(f"{again!r} was got, and is refused: {error!r}")
    assert sock.get(cls) == got


@pytest.fixture(scope="module")
def stages() -> Iterator[list[Stage]]:
    listed = [Stage()]
    yield listed
    listed[0].close()


# What keeps a pair from exchanging messages, as it should, or does away with it.
ENDING = {Linger, AutoClose, SendBuffer, ReceiveBuffer, options.UdpEncapsulation, options.DefaultSend}


@pytest.mark.parametrize("cls", SETTABLE, ids=name_of)
@tries(4, 60)
@given(data=st.data())
def test_any_right_value_on_live_associations_harms_none(stages: list[Stage], cls: Any, data: st.DataObject) -> None:
    option = build(cls, data.draw(right_values(cls)))
    if option is None:
        return
    stage = stages[0]
    path = stage.b.local_addresses()[0]
    one: Any = stage.c.associations[stage.to]
    a: Any = stage.a
    attempts: list[Callable[[], object]] = [
        lambda: a.set(option), lambda: one.set(option), lambda: a.set(option, path=path)
    ]  # fmt: skip
    for attempt in attempts:
        judge(attempt, "cannot be set on")
    works = cls in ENDING or stage.works()
    stage.close()
    stages[0] = Stage()
    assert works, f"{option!r} keeps messages from arriving"


@pytest.mark.parametrize("cls", CLASSES, ids=name_of)
def test_every_option_is_got_wherever_it_can_be(stages: list[Stage], cls: Any) -> None:
    stage = stages[0]
    path = stage.b.local_addresses()[0]
    a: Any = stage.a
    one: Any = stage.c.associations[stage.to]
    with Socket() as alone, Endpoint() as endpoint:
        every: list[Any] = [a, one, alone, endpoint]
        for sock in every:
            judge(functools.partial(sock.get, cls), "cannot be read of")
        judge(lambda: a.get(cls, path=path), "cannot be read of")
    assert stage.works()


@tries(5, 100)
@given(data=st.data())
def test_any_options_together_give_a_pair_or_an_error(data: st.DataObject) -> None:
    classes = data.draw(st.lists(st.sampled_from(SETTABLE), max_size=4, unique=True))
    built = [build(cls, data.draw(right_values(cls))) for cls in classes]
    wanted = [option for option in built if option is not None]
    try:
        with sctpx.create_server(HERE, options=wanted) as listener:
            listener.settimeout(SHORT)
            with sctpx.create_connection(listener.local_addresses(), 10 * SHORT, options=wanted) as client:
                accepted, _ = listener.accept()
                with accepted:
                    accepted.settimeout(SHORT)
                    client.settimeout(SHORT)
                    client.send(b"x")
                    accepted.recv()
    except sctpx.SctpError:
        pass
    fresh_pair_works()
