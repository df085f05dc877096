# SPDX-License-Identifier: MIT
"""Options by class: who may get and set what, and how it crosses the border. `sctpx.options` loads when first used."""

import errno
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sctpx import _errors as e
from sctpx._address import Address, PathLike, one_address
from sctpx._check import instance
from sctpx._native import _codec
from sctpx._native import _contract as c
from sctpx._native._channel import Channel

if TYPE_CHECKING:
    from sctpx.options import PathInfo

HEARTBEAT_NOW = 7  # the field of OPT_PATH_PARAMETERS


class Kinds(NamedTuple):
    """The bases, by name, that an option must have to be got or set somewhere."""

    gettable: str
    settable: str
    where: str


SOCKET = Kinds("Gettable", "Settable", "a one-to-one socket")
ASSOCIATION = Kinds("AssociationGettable", "AssociationSettable", "an association")
ENDPOINT = Kinds("EndpointGettable", "EndpointSettable", "an endpoint")
DEFAULT = Kinds("EndpointGettable", "DefaultSettable", "the associations of an endpoint")


def get(channel: Channel, association: int, kinds: Kinds, wanted: object, path: PathLike | None) -> Any:
    from sctpx import options

    if not isinstance(wanted, type):
        raise TypeError(f"get() takes an option's class, not {wanted!r}")
    base: type = getattr(options, "PathGettable" if path is not None else kinds.gettable)
    if not issubclass(wanted, base):
        raise TypeError(f"{wanted.__name__} cannot be read of {'a path' if path is not None else kinds.where}")
    if wanted is not options.PathInfo and not hasattr(wanted, "_symbol"):
        raise TypeError(f"get() takes an option's class, and {wanted.__name__} only says what options can do")
    option: Any = wanted
    address = path_address(channel, association, path) if path is not None else None
    if option is options.PathInfo:
        return path_info(channel, association, address, primary_of(channel, association))
    try:
        record = channel.get_option(option._symbol, association, address, option.__name__)
    except e.InvalidArgumentError:
        # Asked of a socket that has no association: stacks call that an invalid argument.
        if not issubclass(option, options.EndpointGettable):
            channel.peer_addresses(association)
        raise
    return option._decode(record)


def set(channel: Channel, association: int, kinds: Kinds, option: Any, path: PathLike | None) -> None:
    from sctpx import options

    base: type = getattr(options, "PathSettable" if path is not None else kinds.settable)
    if not isinstance(option, base) or not hasattr(option, "_symbol"):
        name = type(option).__name__
        raise TypeError(f"{name} cannot be set on {'a path' if path is not None else kinds.where}: {option!r}")
    known: Any = option
    address = path_address(channel, association, path) if path is not None else None
    fields = known._encode()
    name = type(option).__name__
    if known._completes:
        fields = known._complete(fields, channel.get_option(known._symbol, association, address, name).fields)
    channel.set_option(known._symbol, association, address, fields, name)


def fields_of(init: Any) -> Mapping[int, int]:
    """What an options.InitMessage sets."""
    from sctpx import options

    instance(init, options.InitMessage, "init")
    fields: Mapping[int, int] = init._encode()
    return fields


def path_address(channel: Channel, association: int, path: PathLike) -> Address:
    """The association's address that `path` names; a port given must be right."""
    peers = channel.peer_addresses(association)
    wanted = one_address(path if isinstance(path, tuple) else (path, peers[0].port))
    if wanted not in peers:
        listed = ", ".join(f"{host}:{port}" for host, port in peers)
        raise e.InvalidArgumentError(
            errno.EINVAL, f"{path!r} is no address of the peer; it has {listed}", operation="path"
        )
    return wanted


def packed_path(channel: Channel, association: int, path: PathLike) -> bytes:
    """The same for sends, remembered: the peer's port never changes, and the stack refuses an address that is gone."""
    key = (association, path)
    try:
        found = channel.paths.get(key)
    except TypeError:  # not hashable: path_address says what is wrong with it
        found = None
    if found is None:
        found = channel.paths[key] = _codec.pack(path_address(channel, association, path))
    return found


def paths(channel: Channel, association: int) -> "list[PathInfo]":
    addresses = channel.peer_addresses(association)
    primary = primary_of(channel, association)
    found: list[PathInfo] = []
    for address in addresses:
        try:
            found.append(path_info(channel, association, address, primary))
        except e.InvalidArgumentError:
            continue  # removed since the list was made
    return found


def primary_of(channel: Channel, association: int) -> Address | None:
    return channel.get_option(c.OPT_STATUS, association, None, "Status").address


def path_info(channel: Channel, association: int, address: Address | None, primary: Address | None) -> "PathInfo":
    from sctpx import options

    kind: Any = options.PathInfo
    record = channel.get_option(c.OPT_PATH_INFO, association, address, "PathInfo")
    info: PathInfo = kind._of(record.fields, address or Address("", 0), primary == address)
    return info
