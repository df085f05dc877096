# SPDX-License-Identifier: MIT
"""The package's public names and signatures are the promise's, apart from what the list says comes later."""

import re

from tests.typing import later
from tests.typing.checkers import ROOT
from tests.typing.surface import Package, Surface, promise

PROMISE = promise(later.HERE / "promise/facade.pyi")
MODULES = [module for module in PROMISE if module not in later.MODULES]
PACKAGE = Package(ROOT, MODULES).surface()


def is_later(name: str) -> bool:
    if name.startswith("sctpx.options."):
        return name.split(".")[2] in later.OPTIONS
    whole = name.partition(".")[2]
    return any(whole == member or whole.startswith(f"{member}.") for member in later.MEMBERS)


def without_parameters(name: str, text: str) -> str:
    """A signature without its later parameters."""
    for one in later.PARAMETERS:
        method, _, parameter = one.rpartition(".")
        if name == f"sctpx.{method}":
            text, count = re.subn(rf", {parameter}: [^,=]+(=[^,)]+)?", "", text)
            assert count == 1, f"{name} has no {parameter} to leave out"
    return text


def promised() -> Surface:
    return {
        name: without_parameters(name, text)
        for module in MODULES
        for name, text in PROMISE[module].items()
        if not is_later(name)
    }


def keeps(text: str, promise: str) -> bool:
    """Whether a text is as promised, where `...` promises that there is a value, not which."""
    wanted = re.sub(r"(=(?:\\ )?)\\.\\.\\.", r"\1[^,\n]+?", re.escape(promise))
    return re.fullmatch(wanted, text) is not None


def test_what_is_promised_is_there_as_promised() -> None:
    wrong = {
        name: {"promised": text, "found": PACKAGE.get(name, "nothing")}
        for name, text in promised().items()
        if not keeps(PACKAGE.get(name, "nothing"), text)
    }
    assert wrong == {}


def test_nothing_else_is_public() -> None:
    known = {name for surface in PROMISE.values() for name in surface}
    other = [name for name in PACKAGE if name not in known and not name.rpartition(".")[2].startswith("__")]
    assert [name for name in other if not overrides(name)] == []


def overrides(name: str) -> bool:
    """Whether a member is that of a base, with the same signature."""
    owner, _, member = name.rpartition(".")
    bases = re.findall(r"\w+", PACKAGE[owner].rpartition("class(")[2])
    inherited = [f"{owner.rpartition('.')[0]}.{base}.{member}" for base in bases]
    return any(PACKAGE.get(one) == PACKAGE[name] for one in inherited)


def test_the_list_of_what_comes_later_holds_nothing_that_is_there() -> None:
    names = [
        *(f"sctpx.options.{one}" for one in later.OPTIONS),
        *(f"sctpx.{one}" for one in later.MEMBERS),
    ]
    parameters = [
        one
        for one in later.PARAMETERS
        if re.search(rf"\b{one.rpartition('.')[2]}:", PACKAGE[f"sctpx.{one.rpartition('.')[0]}"])
    ]
    modules = [
        one for one in later.MODULES if any((ROOT / one.replace(".", "/")).parent.glob(one.rpartition(".")[2] + "*"))
    ]
    assert ([one for one in names if one in PACKAGE], parameters, modules) == ([], [], [])
    if "sctpx.aio" not in later.MODULES:
        assert not later.PROGRAMS


def test_the_list_names_nothing_that_was_not_promised() -> None:
    assert not later.OPTIONS - {name.split(".")[2] for name in PROMISE["sctpx.options"]}
    assert not {f"sctpx.{name}" for name in later.MEMBERS} - set(PROMISE["sctpx"]) - set(PROMISE["sctpx.testing"])
    assert not later.MODULES - set(PROMISE)
    assert len(PROMISE["sctpx"]) > 300
