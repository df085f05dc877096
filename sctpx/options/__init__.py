# SPDX-License-Identifier: MIT
"""Options (RFC 6458 §8): classes, whose bases say what can be got and set, and where.

    sock.get(RtoInfo) -> RtoInfo        sock.get(NoDelay) -> bool        sock.set(RtoInfo(min=0.1))
"""

from sctpx.options._association import AssociationInfo as AssociationInfo
from sctpx.options._association import AssociationState as AssociationState
from sctpx.options._association import DelayedSack as DelayedSack
from sctpx.options._association import InitMessage as InitMessage
from sctpx.options._association import RtoInfo as RtoInfo
from sctpx.options._association import Status as Status
from sctpx.options._base import AssociationGettable as AssociationGettable
from sctpx.options._base import AssociationOption as AssociationOption
from sctpx.options._base import AssociationSettable as AssociationSettable
from sctpx.options._base import DefaultSettable as DefaultSettable
from sctpx.options._base import EndpointGettable as EndpointGettable
from sctpx.options._base import EndpointOption as EndpointOption
from sctpx.options._base import EndpointSettable as EndpointSettable
from sctpx.options._base import Gettable as Gettable
from sctpx.options._base import NegotiatedOption as NegotiatedOption
from sctpx.options._base import PathGettable as PathGettable
from sctpx.options._base import PathOption as PathOption
from sctpx.options._base import PathSettable as PathSettable
from sctpx.options._base import Query as Query
from sctpx.options._base import Settable as Settable
from sctpx.options._data import DefaultSend as DefaultSend
from sctpx.options._data import DisableFragments as DisableFragments
from sctpx.options._data import FragmentInterleave as FragmentInterleave
from sctpx.options._data import MaxSegment as MaxSegment
from sctpx.options._data import NoDelay as NoDelay
from sctpx.options._data import PartialDeliveryPoint as PartialDeliveryPoint
from sctpx.options._path import PathInfo as PathInfo
from sctpx.options._path import PathParameters as PathParameters
from sctpx.options._path import PathState as PathState
from sctpx.options._path import UdpEncapsulation as UdpEncapsulation
from sctpx.options._socket import AutoClose as AutoClose
from sctpx.options._socket import Linger as Linger
from sctpx.options._socket import ReceiveBuffer as ReceiveBuffer
from sctpx.options._socket import SendBuffer as SendBuffer
from sctpx.options._values import AssociationValue as AssociationValue
from sctpx.options._values import EndpointValue as EndpointValue
from sctpx.options._values import NegotiatedValue as NegotiatedValue
from sctpx.options._values import PathValue as PathValue
from sctpx.options._values import Value as Value
