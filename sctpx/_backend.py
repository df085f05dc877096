# SPDX-License-Identifier: MIT
"""The backend as users see it: which, why, its versions and what it can do. Looking never raises."""

from collections.abc import Mapping
from types import MappingProxyType

from sctpx._check import instance
from sctpx._errors import SctpError
from sctpx._features import Attempt, BackendName, Feature, Support
from sctpx._native import _contract as c
from sctpx._native._failures import support
from sctpx._native._module import Module
from sctpx._registry import USERLAND, registry

_TOPICS = {"sysctls": c.TOPIC_SYSCTLS, "counters": c.TOPIC_COUNTERS}


class Backend:
    """The backend in use, or why there is none; looking at it never raises, and starts no stack."""

    @property
    def name(self) -> BackendName | None:
        """The backend's name; None: no backend works here. A kernel is asked, once, by making a socket."""
        module = registry.loaded()
        if module is None or (module.name != USERLAND and registry.probe() is not None):
            return None
        return module.name

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """What was tried, with cause and remedy where it failed."""
        return registry.attempts

    @property
    def versions(self) -> Mapping[str, str]:
        """Versions of the library and, where it is the kernel's SCTP, of the kernel."""
        return MappingProxyType(self._describe(c.TOPIC_VERSIONS))

    @property
    def features(self) -> Mapping[Feature, Support]:
        """Each feature: whether it can be had here, and by what."""
        module = registry.loaded()
        return MappingProxyType({feature: _support(module, feature) for feature in Feature})

    @property
    def udp_port(self) -> int | None:
        """Userland's own UDP port; None before its first socket and on kernel backends."""
        module = registry.loaded()
        port = module.lib.sctpx_udp_port() if module is not None else 0
        return port if port > 0 else None

    def _describe(self, topic: int | str) -> dict[str, str]:
        module = registry.loaded()
        number = _TOPICS[topic] if isinstance(topic, str) else topic
        return module.table(number) if module is not None else {}

    def _usable(self) -> SctpError | None:
        """None when the backend works, else the error of the first socket."""
        return registry.probe()

    def __repr__(self) -> str:
        return f"<backend {self.name}>"


def _support(module: Module | None, feature: Feature) -> Support:
    if module is None:
        return Support(present=False, reason="no backend works here", needs=None, remedy=None)
    return support(module, feature)


backend: Backend = Backend()


def supports(feature: Feature, /) -> bool:
    """Whether a feature can be had here: as it is, or by `backend.features[feature].needs`."""
    instance(feature, Feature, "feature")
    return _support(registry.loaded(), feature).present
