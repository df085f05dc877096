# SPDX-License-Identifier: MIT
"""Which backend, why, and what was tried. The only module of the package that looks at `sys.platform`.

At import a name is chosen and its compiled module loaded, nothing else. The first socket asks the backend whether it
works here. There is no silent fallback from a kernel's SCTP to userland: the wire format differs.
"""

import atexit
import errno
import os
import sys
import warnings
from collections.abc import Mapping
from threading import RLock
from typing import get_args

from sctpx._check import number
from sctpx._errors import BackendUnavailableError, SctpError
from sctpx._features import Attempt, BackendName
from sctpx._native import _contract as c
from sctpx._native._failures import errno_of
from sctpx._native._module import Module, load

NAMES: tuple[BackendName, ...] = get_args(BackendName)
USERLAND: BackendName = "userland"
_PACKAGES: dict[BackendName, str] = {
    "linux": "build sctpx where libsctp-dev is installed (apt install libsctp-dev)",
    "freebsd": "build sctpx on FreeBSD (its base system has all that the backend needs)",
    "solaris": "build sctpx on illumos or Solaris (pkg install system/header)",
    "userland": "build sctpx where libusrsctp-dev is installed (apt install libusrsctp-dev)",
}


def name_for(platform: str) -> BackendName:
    """The backend of an operating system."""
    if platform == "linux":
        return "linux"
    if platform.startswith("freebsd"):
        return "freebsd"
    if platform.startswith("sunos"):
        return "solaris"
    return USERLAND

# What may be there later: asked again then.
_SHORTAGES = frozenset({c.EMFILE, c.ENFILE, c.ENOMEM, c.ENOBUFS})


class Registry:
    """The choice, and what came of it. There is one, `registry`; tests make their own."""

    def __init__(self, platform: str, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._lock = RLock()
        self.udp_port: int | None = None
        self.peer_udp_port: int | None = None
        self.in_use = False
        self._module: Module | None = None
        self._probed = False
        self._error: SctpError | None = None
        self.attempts: tuple[Attempt, ...] = ()
        self.forced = environ.get("SCTPX_BACKEND", "")
        forced: list[BackendName] = [name for name in NAMES if name == self.forced]
        if self.forced and not forced:
            text = f"SCTPX_BACKEND is {self.forced!r}, which is no backend; there are {', '.join(NAMES)}"
            self._error = BackendUnavailableError(errno.EINVAL, text, operation="socket", attempts=())
            return
        self._load(forced[0] if forced else name_for(platform))

    def _load(self, name: BackendName) -> None:
        self.name: BackendName = name
        try:
            self._module = load(name)
        except ImportError as error:
            self._module = None
            self._note(name, error, f"{_PACKAGES[name]}; or choose another: {self._others(name)}")

    def _note(self, name: BackendName, error: OSError | ImportError | None, remedy: str | None) -> None:
        self.attempts = (*self.attempts, Attempt(name=name, error=error, remedy=remedy))

    def _others(self, name: BackendName) -> str:
        if name == USERLAND:
            return "none is left here"
        return f'SCTPX_BACKEND={USERLAND}, or sctpx.use_backend("{USERLAND}"), to speak SCTP over UDP'

    def use(self, name: BackendName, udp_port: int | None) -> None:
        """Choose by hand, before the first socket."""
        if name not in NAMES:
            raise ValueError(f"{name!r} is no backend; there are {', '.join(NAMES)}")
        if udp_port is not None and name != USERLAND:
            raise ValueError(f"udp_port is userland's; {name} has the system's settings")
        if udp_port is not None:
            udp_port = number(udp_port, "udp_port", 0xFFFF)
        if self.in_use:
            raise RuntimeError("the backend cannot change once a socket was made")
        try:
            module = load(name)
        except ImportError as error:
            built = [other for other in NAMES if self._is_built(other)]
            raise BackendUnavailableError(
                errno.ENOENT,
                f"{name} is not built here ({error}); built: {', '.join(built) or 'none'}. {_PACKAGES[name]}",
                operation="use_backend",
                attempts=(Attempt(name=name, error=error, remedy=_PACKAGES[name]),),
            ) from error
        self.name, self.udp_port, self.forced = name, udp_port, name
        self._module, self._error, self._probed, self.attempts = module, None, False, ()

    def _is_built(self, name: BackendName) -> bool:
        try:
            load(name)
        except ImportError:
            return False
        return True

    @property
    def started(self) -> bool:
        """Whether the backend was asked for and works."""
        return self._probed

    def loaded(self) -> Module | None:
        """The compiled module, whether or not it works here."""
        return self._module

    def probe(self) -> SctpError | None:
        """Ask once whether the backend works: None when it does. Starts userland's stack."""
        with self._lock:
            return self._probe()

    def _probe(self) -> SctpError | None:
        if self._error is not None or (self._probed and self._module is not None):
            return self._error
        module = self._module
        if module is None:
            self._error = self._unavailable()
            return self._error
        try:
            result = module.lib.sctpx_start(self._own_port(), self._peer_port())
        except ValueError as error:
            return BackendUnavailableError(errno.EINVAL, str(error), operation="socket", attempts=self.attempts)
        if result == -c.EADDRINUSE:  # may be free later: asked again then
            text = f"UDP port {self._own_port()} is in use; choose another by SCTPX_UDP_PORT or use_backend(udp_port=)"
            return SctpError(errno.EADDRINUSE, text, operation="socket")
        if result >= 0:
            result = module.lib.sctpx_probe()
        if result < 0:
            number = errno_of(-result)
            if -result in _SHORTAGES:
                return SctpError(number, f"{self.name}: {os.strerror(number)}", operation="socket")
            cause = OSError(number, os.strerror(number))
            remedy = "; or ".join(filter(None, [module.remedy, self._others(self.name)]))
            self._note(self.name, cause, remedy)
            self._error = self._unavailable()
            return self._error
        self._probed = True
        self._note(self.name, None, None)
        return None

    def module(self) -> Module:
        """The backend that works; BackendUnavailableError with causes and remedies where none does."""
        error = self.probe() if not self._probed else None
        if error is not None:
            raise error
        self.in_use = True
        assert self._module is not None
        return self._module

    def _unavailable(self) -> BackendUnavailableError:
        lines = [
            f"{attempt.name}: {attempt.error}" + (f". Remedy: {attempt.remedy}" if attempt.remedy else "")
            for attempt in self.attempts
            if attempt.error is not None
        ]
        number = next((a.error.errno for a in self.attempts if isinstance(a.error, OSError)), None)
        return BackendUnavailableError(
            number or errno.EPROTONOSUPPORT,
            "no SCTP here. " + "; ".join(lines),
            operation="socket",
            attempts=self.attempts,
        )

    def udp_ports(self) -> tuple[int, int]:
        """Ours and the peers' as they were set, 0 where they were not; ValueError for what is no port."""
        return self._own_port(), self._peer_port()

    def _own_port(self) -> int:
        return self._port("SCTPX_UDP_PORT") if self.udp_port is None else self.udp_port

    def _peer_port(self) -> int:
        return self._port("SCTPX_PEER_UDP_PORT") if self.peer_udp_port is None else self.peer_udp_port

    def _port(self, variable: str) -> int:
        text = self._environ.get(variable, "") or "0"
        if not text.isdecimal() or int(text) > 0xFFFF:
            raise ValueError(f"{variable} is {text!r}, which is no UDP port")
        return int(text)

    def exit(self) -> None:
        """Deliver what `close()` promised, within SCTPX_EXIT_LINGER seconds (2)."""
        module = self._module
        if module is None or not self._probed:
            return
        try:
            seconds = max(0.0, float(self._environ.get("SCTPX_EXIT_LINGER", "") or 2))
        except ValueError:
            seconds = 2.0
        module.ends = self.name == USERLAND
        aborted = module.lib.sctpx_exit(int(min(seconds, 1e6) * 1e9))
        if aborted > 0:
            text = f"{aborted} SCTP associations had not ended after {seconds:g} s and were aborted at exit"
            warnings.warn(text, ResourceWarning, stacklevel=1)


    def forks(self) -> None:
        """Let no fork come between the beginning and the end of a start: its child would wait for ever."""
        os.register_at_fork(
            before=self._lock.acquire, after_in_parent=self._lock.release, after_in_child=self._lock.release
        )


registry = Registry(sys.platform, os.environ)
if hasattr(os, "register_at_fork"):
    registry.forks()
# Handlers run in reverse: those of programs, which imported this first, may still use their sockets.
atexit.register(registry.exit)


def module() -> Module:
    """The module of the backend in use, for a new socket."""
    return registry.module()


def use_backend(name: BackendName, *, udp_port: int | None = None) -> None:
    """Choose the backend, before the first socket; as SCTPX_BACKEND and SCTPX_UDP_PORT.

    Args:
        name: "linux", "freebsd", "solaris" or "userland".
        udp_port: userland's own UDP port (RFC 6951; IANA's is 9899); None: SCTPX_UDP_PORT, or an ephemeral one.

    Raises:
        RuntimeError: a socket was made already.
        ValueError: no such backend.
        BackendUnavailableError: it is not built here; the text lists what is.
    """
    registry.use(name, udp_port)
