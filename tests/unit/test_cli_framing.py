# SPDX-License-Identifier: MIT
"""The demo's framing: what goes into a message and comes out of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sctpx._cli.framing import HEADER, STREAMS, lane, pack, unpack

u64 = st.integers(0, 2**63)


@given(number=st.integers(0, 2**32 - 1), offset=u64, data=st.binary(min_size=1), rest=st.integers(0, 2**32))
def test_what_is_packed_is_unpacked(number: int, offset: int, data: bytes, rest: int) -> None:
    piece = unpack(pack(number, offset, offset + len(data) + rest) + data)
    assert (piece.number, piece.offset, piece.total) == (number, offset, offset + len(data) + rest)
    assert bytes(piece.data) == data


def test_an_empty_file_is_one_message() -> None:
    assert unpack(pack(3, 0, 0))[:3] == (3, 0, 0)


@pytest.mark.parametrize("message", [
    b"", b"\0" * (HEADER.size - 1), pack(1, 0, 4) + b"12345", pack(1, 5, 4), pack(1, 0, 4),
])
def test_what_is_no_piece_is_refused(message: bytes) -> None:
    with pytest.raises(ValueError):
        unpack(message)


@given(st.binary(max_size=64))
def test_garbage_is_refused_or_consistent(message: bytes) -> None:
    try:
        piece = unpack(message)
    except ValueError:
        return
    assert piece.offset + len(piece.data) <= piece.total


def test_lanes_use_every_stream_and_a_ppid_for_each_file() -> None:
    lanes = [lane(number) for number in range(1000)]
    assert {one.stream for one in lanes} == set(range(STREAMS))
    assert len({one.ppid for one in lanes}) == len(lanes)
    assert {one.unordered for one in lanes[:STREAMS]} == {True, False}
    assert lane(2**32 - 1).ppid < 2**32
