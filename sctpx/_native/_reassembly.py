# SPDX-License-Identifier: MIT
"""Messages put together from the pieces that the stack delivers (RFC 6458 §4.3, partial delivery)."""

from typing import Any

from sctpx._message import Message

# association, stream, unordered, ssn: what tells the pieces of one message from those of another.
Key = tuple[int, int, bool, int]


class Partial:
    """The pieces of one message so far; its description is that of the first."""

    __slots__ = ("complete", "dropped", "first", "key", "pieces", "size")

    def __init__(self, key: Key, first: Message) -> None:
        self.key = key
        self.first = first
        self.pieces: list[bytes] = []
        self.size = 0
        self.complete = False
        self.dropped = False


class Reassembly:
    """All unfinished messages of a socket, within one bound for their sum."""

    __slots__ = ("held", "partials")

    def __init__(self) -> None:
        self.partials: dict[Key, Partial] = {}
        self.held: int = 0  # the sum of their bytes, which a peer may spread over very many

    def partial(self, piece: Message) -> Partial:
        """The message that a piece belongs to, so far; the piece is not in it yet."""
        key = key_of(piece)
        partial = self.partials.get(key)
        if partial is None:
            partial = self.partials[key] = Partial(key, piece)
        return partial

    def settle(self, partial: Partial, limit: int) -> Message | int | None:
        """After a piece more: the message when that was its last, its size when it was too large, None before that."""
        if partial.dropped:
            partial.pieces.clear()
        elif self.held > limit:
            self._drop(partial)
        if not partial.complete:
            return None
        return partial.size if partial.dropped else whole(partial)

    def _drop(self, partial: Partial) -> None:
        """Only that there is such a message stays known, until it ends."""
        self.held -= partial.size
        partial.dropped = True
        partial.pieces.clear()
        partial.first = whole(partial, complete=False)

    def remove(self, key: Key) -> None:
        partial = self.partials[key]
        if not partial.dropped:
            self.held -= partial.size
        del self.partials[key]

    def forget(self, association: int) -> None:
        """Drop what an association that is gone left unfinished."""
        for key in [key for key in self.partials if key[0] == association]:
            self.remove(key)

    def abort(self, association: int, stream: int) -> None:
        """Drop the message whose rest will never come; stacks that do not name its stream name none at all."""
        of_stream = [key for key in self.partials if key[:2] == (association, stream)]
        for key in of_stream:
            self.remove(key)
        if not of_stream:
            self.forget(association)

    def split(self, association: int) -> "tuple[Reassembly, Reassembly]":
        """An association's unfinished messages, and all others; nothing changes here."""
        its, rest = Reassembly(), Reassembly()
        for key, partial in self.partials.items():
            side = its if key[0] == association else rest
            side.partials[key] = partial
            if not partial.dropped:
                side.held += partial.size
        return its, rest

    def unpack(self, ready: list[Any]) -> None:
        """Put the bytes kept of one unfinished message in front, as a piece, for a caller who goes on in pieces."""
        for key, partial in self.partials.items():
            if partial.pieces:
                piece = whole(partial, complete=False)
                self.remove(key)  # with the next line at once, as in Receiver
                ready[:0] = [piece]
                return

    def passed(self, piece: Message) -> None:
        """The last piece of a message went by without being added: what was noted of it goes."""
        if (key := key_of(piece)) in self.partials:
            self.remove(key)


def key_of(piece: Message) -> Key:
    return piece.association, piece.stream, piece.unordered, piece.ssn


def whole(partial: Partial, *, complete: bool = True) -> Message:
    first = partial.first
    data = b"".join(partial.pieces)
    return Message(
        data=data,
        size=len(data),
        complete=complete,
        stream=first.stream,
        ppid=first.ppid,
        unordered=first.unordered,
        ssn=first.ssn,
        tsn=first.tsn,
        cumulative_tsn=first.cumulative_tsn,
        context=first.context,
        association=first.association,
        source=first.source,
        next=first.next,
    )
