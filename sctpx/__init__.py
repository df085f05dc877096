# SPDX-License-Identifier: MIT
"""SCTP (RFC 9260) for Python: associations, streams and paths, on the kernel's stack or in userland over UDP."""

from typing import TYPE_CHECKING

from sctpx._address import Address as Address
from sctpx._address import Addresses as Addresses
from sctpx._address import AddressLike as AddressLike
from sctpx._address import Host as Host
from sctpx._address import PathLike as PathLike
from sctpx._association import Association as Association
from sctpx._association import AssociationControl as AssociationControl
from sctpx._associations import EndpointAssociation as EndpointAssociation
from sctpx._backend import Backend as Backend
from sctpx._backend import backend as backend
from sctpx._backend import supports as supports
from sctpx._create import create_connection as create_connection
from sctpx._create import create_endpoint as create_endpoint
from sctpx._create import create_server as create_server
from sctpx._descriptor import Blocking as Blocking
from sctpx._descriptor import Descriptor as Descriptor
from sctpx._endpoint import Endpoint as Endpoint
from sctpx._endpoint import EndpointControl as EndpointControl
from sctpx._errors import AbortedError as AbortedError
from sctpx._errors import AlreadyConnectedError as AlreadyConnectedError
from sctpx._errors import AssociationClosedError as AssociationClosedError
from sctpx._errors import AssociationLostError as AssociationLostError
from sctpx._errors import BackendUnavailableError as BackendUnavailableError
from sctpx._errors import ClosedError as ClosedError
from sctpx._errors import DeniedError as DeniedError
from sctpx._errors import InvalidArgumentError as InvalidArgumentError
from sctpx._errors import InvalidStreamError as InvalidStreamError
from sctpx._errors import MessageTooLargeError as MessageTooLargeError
from sctpx._errors import NotConnectedError as NotConnectedError
from sctpx._errors import PartialBatchError as PartialBatchError
from sctpx._errors import RefusedError as RefusedError
from sctpx._errors import SctpError as SctpError
from sctpx._errors import SctpTimeoutError as SctpTimeoutError
from sctpx._errors import UnsupportedError as UnsupportedError
from sctpx._errors import WouldBlockError as WouldBlockError
from sctpx._features import Attempt as Attempt
from sctpx._features import BackendName as BackendName
from sctpx._features import Feature as Feature
from sctpx._features import Support as Support
from sctpx._ids import AssociationId as AssociationId
from sctpx._ids import Destination as Destination
from sctpx._ids import Scope as Scope
from sctpx._message import Buf as Buf
from sctpx._message import Message as Message
from sctpx._message import MessageInfo as MessageInfo
from sctpx._message import NextMessage as NextMessage
from sctpx._message import Outgoing as Outgoing
from sctpx._message import Payload as Payload
from sctpx._message import Prio as Prio
from sctpx._message import PrPolicy as PrPolicy
from sctpx._message import Reliable as Reliable
from sctpx._message import Rtx as Rtx
from sctpx._message import Timed as Timed
from sctpx._notifications import AdaptationIndication as AdaptationIndication
from sctpx._notifications import AssociationChange as AssociationChange
from sctpx._notifications import AssociationReset as AssociationReset
from sctpx._notifications import AuthenticationEvent as AuthenticationEvent
from sctpx._notifications import AuthEvent as AuthEvent
from sctpx._notifications import CommState as CommState
from sctpx._notifications import Direction as Direction
from sctpx._notifications import ErrorCause as ErrorCause
from sctpx._notifications import Event as Event
from sctpx._notifications import EventType as EventType
from sctpx._notifications import Extension as Extension
from sctpx._notifications import Notification as Notification
from sctpx._notifications import NotificationsStopped as NotificationsStopped
from sctpx._notifications import OnNotification as OnNotification
from sctpx._notifications import Outcome as Outcome
from sctpx._notifications import PartialDeliveryAborted as PartialDeliveryAborted
from sctpx._notifications import PathEvent as PathEvent
from sctpx._notifications import PeerAddressChange as PeerAddressChange
from sctpx._notifications import PeerShutdown as PeerShutdown
from sctpx._notifications import RemoteErrorReport as RemoteErrorReport
from sctpx._notifications import SenderDry as SenderDry
from sctpx._notifications import SendFailed as SendFailed
from sctpx._notifications import StreamChange as StreamChange
from sctpx._notifications import StreamReset as StreamReset
from sctpx._notifications import UnknownNotification as UnknownNotification
from sctpx._ppid import Ppid as Ppid
from sctpx._registry import use_backend as use_backend
from sctpx._socket import Socket as Socket
from sctpx._socket import SocketControl as SocketControl
from sctpx._version import __version__ as __version__

if TYPE_CHECKING:
    from sctpx import options as options
else:

    def __getattr__(name: str) -> object:
        """Load `sctpx.options` when it is first used, so that `import sctpx` stays quick."""
        if name == "options":
            import importlib

            return importlib.import_module("sctpx.options")
        raise AttributeError(f"module 'sctpx' has no attribute {name!r}")
