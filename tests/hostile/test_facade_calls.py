# SPDX-License-Identifier: MIT
"""Every parameter of everything that can be called, given values of every type: an error that names it, or the right
thing; and whatever came of it, nothing is lost, and nobody is left waiting."""

import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sctpx
from sctpx import SctpError

from .anything import THINGS, address_likes, addresses, anything
from .stage import Stage, fresh_works
from .surface import GOOD, GOOD_OF, TRIED, Tried
from .tries import tries


@pytest.fixture(scope="module")
def stages() -> Iterator[list[Stage]]:
    """The stage of the moment."""
    listed = [Stage()]
    yield listed
    listed[0].close()
    fresh_works()


@pytest.fixture(autouse=True)
def no_resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are asked of nobody."""
    known = socket.getaddrinfo

    def literal(host: Any, port: Any, *, type: int, proto: int, flags: int) -> list[Any]:
        return known(host, port, type=type, proto=proto, flags=flags | socket.AI_NUMERICHOST)

    monkeypatch.setattr(socket, "getaddrinfo", literal)


def values(tried: Tried) -> st.SearchStrategy[object]:
    name = tried.parameter.name
    if name == "fileno":  # somebody else's, and theirs to close
        return anything.filter(lambda value: not (isinstance(value, int) and 0 <= value < 1 << 16))
    if name in ("addresses", "to", "path", "source", "local"):
        return anything | addresses
    if tried.parameter.kind is tried.parameter.VAR_POSITIONAL or name in ("options", "events", "messages"):
        return anything | st.sampled_from(THINGS).map(lambda thing: [thing]) | st.tuples(address_likes)
    return anything


def judge(tried: Tried, error: BaseException) -> None:
    """Whether this is an error that helps."""
    if isinstance(error, SctpError):
        return
    if tried.call.startswith("sctpx.") and isinstance(error, socket.gaierror):
        return
    assert isinstance(error, (TypeError, ValueError)), f"{tried}: {error!r}"
    text = str(error)
    assert any(word in text for word in tried.words), f"{tried}: {error!r} does not say what is wrong"
    assert "cdata" not in text and "ctype" not in text, f"{tried}: {error!r}"


def end(result: object) -> None:
    """Close what a call made, and take what it gives one by one."""
    if isinstance(result, sctpx.Socket | sctpx.Endpoint):
        result.close()
    elif isinstance(result, tuple) and result and isinstance(result[0], sctpx.Socket):
        result[0].close()
    elif isinstance(result, contextlib.AbstractContextManager):
        with result:
            pass


@pytest.mark.parametrize("tried", TRIED, ids=str)
@tries(8, 60)
@given(data=st.data())
def test_any_value(stages: list[Stage], tried: Tried, data: st.DataObject) -> None:
    value = data.draw(values(tried))
    stage = stages[0]
    harmless = False
    try:
        end(tried(stage, value))
    except Exception as error:
        judge(tried, error)
        harmless = not isinstance(error, OSError)
    works = stage.works()
    assert works or not harmless, f"{tried} with {value!r} raised, and did harm"
    if not works or stage.sent > 500:
        stage.close()
        stages[0] = Stage()


def test_what_there_is_to_be_called_is_found() -> None:
    assert len(TRIED) > 130


def test_good_values_are_those_of_parameters_that_there_are() -> None:
    names = {tried.parameter.name for tried in TRIED}
    assert set(GOOD) <= names, "left over"
    assert set(GOOD_OF) <= {(tried.call, tried.parameter.name) for tried in TRIED}
