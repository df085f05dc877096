# SPDX-License-Identifier: MIT
"""The hand-written headers of Solaris say what illumos' own say, on both processors; and no more than those."""

import re

import pytest

import build_ffi
from tests.foreign import abi, zig
from tests.foreign.solaris import FEATURES, HEADERS, TARGETS, Target, exports
from tests.foreign.zig import Failure

INCLUDES = "".join(
    f"#include <{name}>\n"
    for name in ("stddef.h", "sys/types.h", "sys/time.h", "sys/socket.h", "netinet/in.h", "netinet/sctp.h", "errno.h")
)
# What the table covers: all that Linux, FreeBSD and Solaris number differently.
COVERED = re.compile(r"(SCTP|MSG|SO|SOL|AF|PF|SOCK|SHUT)_|SOMAXCONN$|IPPROTO_SCTP$|E[A-Z]{2,}")
NO_NUMBERS = re.compile(r"SO_PROTOTYPE$|EXIT_|EOF$|SOLARIS")


def each(targets: list[Target]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("target", targets, ids=str)


def declared(kind: str) -> set[str]:
    text = "\n".join((HEADERS / name).read_text(encoding="utf-8") for name in (
        "sys/socket.h", "sys/uio.h", "sys/time.h", "netinet/in.h", "netinet/sctp.h",
    ))  # fmt: skip
    return set(re.findall(rf"^{kind} (\w+) {{", text, re.MULTILINE))


def macros(target: Target) -> set[str]:
    path = zig.BUILD / "solaris/macros.c"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(FEATURES + INCLUDES, encoding="utf-8")
    told = zig.newest().run(*target.compiler, "-E", "-dM", path)
    return {name for name in re.findall(r"^#define (\w+) ", told, re.MULTILINE) if COVERED.match(name)}


@each(TARGETS)
def test_every_constant_is_in_the_table_with_its_value(target: Target) -> None:
    table, ours = abi.illumos(target.processor), macros(target)
    assert not sorted(ours - table.macros.keys())
    assert len(ours) > 120
    target.check(FEATURES + INCLUDES + table.constants(sorted(ours)))


@each(TARGETS)
def test_every_struct_has_the_size_and_the_offsets_of_the_table(target: Target) -> None:
    table, ours = abi.illumos(target.processor), declared("struct") | declared("union")
    assert not sorted(ours - table.structs.keys())
    assert len(ours) > 28
    target.check(FEATURES + INCLUDES + table.sizes() + table.layouts(sorted(ours)))


@each([target for target in TARGETS if target.variant == "illumos"])
def test_every_member_of_the_table_s_structs_is_there_with_its_type(target: Target) -> None:
    """Sizes and offsets leave open what is signed: states are, and ids."""
    target.check(FEATURES + INCLUDES + "".join(
        f"_Static_assert(({type})-1 < 0, \"{type}\");\n"
        for type in (
            "__typeof__(((struct sctp_status *)0)->sstat_state)", "sctp_assoc_t",
            "__typeof__(((struct sctp_paddrinfo *)0)->spinfo_state)",
            "__typeof__(((struct msghdr *)0)->msg_iovlen)",
        )
    ))  # fmt: skip


@each(TARGETS)
def test_the_prototypes_are_the_table_s(target: Target) -> None:
    table = abi.illumos(target.processor)
    target.check(FEATURES + INCLUDES + table.prototypes(sorted(table.functions)))


@each(TARGETS)
def test_connectx_sendv_and_recvv_are_oracle_s_alone(target: Target) -> None:
    for name in ("sctp_connectx", "sctp_sendv", "sctp_recvv"):
        source = f"{FEATURES}{INCLUDES}void *probe(void) {{ return (void *){name}; }}\n"
        if target.variant == "oracle":
            target.check(source)
        else:
            with pytest.raises(Failure, match=name):
                target.check(source)
        assert (name in exports(target.variant)["libsctp"]) == (target.variant == "oracle")


@each(TARGETS)
def test_without_the_feature_macros_there_is_no_ancillary_data(target: Target) -> None:
    source = f"{INCLUDES}void *probe(struct msghdr *message) {{ return message->msg_control; }}\n"
    target.check(FEATURES + source)
    with pytest.raises(Failure, match="msg_control"):
        target.check(source)


@each(TARGETS)
def test_every_function_of_the_headers_is_in_a_library(target: Target) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in HEADERS.rglob("*.h"))
    names = set(re.findall(r"^extern [\w *]*?\b(\w+)\(", text, re.MULTILINE))
    known = {name for variant in ("illumos", "oracle", "5_10") for names in exports(variant).values() for name in names}
    assert len(names) > 80
    assert not sorted(names - known)


@each(TARGETS)
def test_the_build_s_probes_find_what_the_variant_has(target: Target) -> None:
    found = {name for name in build_ffi.SOLARIS_PROBES if target.has(name)}
    assert found == {
        "illumos": {"SCTPX_HAVE_ACCEPT4"},
        "oracle": {"SCTPX_HAVE_SCTP_CONNECTX", "SCTPX_HAVE_SCTP_SENDV", "SCTPX_HAVE_SCTP_RECVV"},
        "5_10": set(),
    }[target.variant]
