# SPDX-License-Identifier: MIT
"""The header, what is generated from it, and what each compiled module makes of it are the same."""

import ast
import importlib.util
import re
import struct
from pathlib import Path
from typing import Any

import pytest

import build_ffi
from sctpx._native import _contract
from sctpx._native._protocol import Lib
from tools import contract as tool

CONTRACT = tool.read()
RECORDS = sorted(CONTRACT.records)
BUILT = [name for name in build_ffi.names() if importlib.util.find_spec(f"sctpx._native._{name}")]
each_module = pytest.mark.parametrize("name", BUILT)
each_record = pytest.mark.parametrize("record", RECORDS)


def module(name: str) -> Any:
    return importlib.import_module(f"sctpx._native._{name}")


def python_struct(record: str) -> struct.Struct:
    made: struct.Struct = getattr(_contract, record.removeprefix("sctpx_").upper())
    return made


def fields_of(record: str) -> tuple[str, ...]:
    names: tuple[str, ...] = getattr(_contract, record.removeprefix("sctpx_").upper() + "_FIELDS")
    return names


def offsets(record: str) -> dict[str, int]:
    """Where Python's format has each field."""
    found: list[int] = []
    before = "="
    for count, letter in re.findall(r"(\d*)([a-z])", python_struct(record).format, re.IGNORECASE):
        for _ in range(1 if letter in "sx" else int(count or 1)):
            if letter != "x":
                found.append(struct.calcsize(before))
            before += f"{count}{letter}" if letter in "sx" else letter
    return dict(zip(fields_of(record), found, strict=True))


def fill(ffi: Any, one: Any) -> list[int]:
    """Give every number in a record, those of nested records and arrays too, a value of its own; what was given."""
    given: list[int] = []

    def number(type: Any) -> int:
        signed = type.kind == "primitive" and type.cname != "char" and int(ffi.cast(type, -1)) < 0
        value = (len(given) + 1) * 0x0123456789ABCDEF % (1 << 8 * ffi.sizeof(type))
        value = int(ffi.cast(type, value | 1 << 8 * ffi.sizeof(type) - 1)) if signed else value or 1
        given.append(value)
        return value

    def visit(record: Any) -> None:
        for name, field in ffi.typeof(ffi.addressof(record)).item.fields:
            if field.type.kind == "struct":
                visit(getattr(record, name))
            elif field.type.kind == "array":
                for at in range(field.type.length):
                    value = number(field.type.item)
                    getattr(record, name)[at] = bytes([value]) if field.type.item.cname == "char" else value
            else:
                setattr(record, name, number(field.type))

    visit(one[0])
    return given


def read(ffi: Any, one: Any) -> list[int]:
    """Every number in a record, as `fill` goes through them."""
    found: list[int] = []
    for name, field in ffi.typeof(ffi.addressof(one[0])).item.fields:
        value = getattr(one, name)
        if field.type.kind == "struct":
            found += read(ffi, ffi.addressof(value))
        elif field.type.kind == "array":
            found += [ord(item) if isinstance(item, bytes) else item for item in value]
        else:
            found.append(value)
    return found


def test_there_is_a_module() -> None:
    assert BUILT


def test_nothing_generated_is_stale() -> None:
    assert tool.stale() == []


def test_a_stale_file_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    (tmp_path / "backends/linux").mkdir(parents=True)
    (tmp_path / "backends/sctpx.h").write_text(
        "/* == cdef begins == */ enum sctpx_error { SCTPX_EPERM = 1 }; int sctpx_probe(void); /* == cdef ends == */"
    )
    monkeypatch.setattr("sys.argv", ["contract.py", "--check"])
    assert tool.main() == 1
    monkeypatch.setattr("sys.argv", ["contract.py"])
    assert tool.main() == 0
    assert tool.stale() == []
    assert "EPERM = 1" in (tmp_path / "sctpx/_native/_contract.py").read_text()


@each_module
def test_the_stub_names_what_the_module_has(name: str) -> None:
    tree = ast.parse((tool.ROOT / f"typings/sctpx/_native/_{name}.pyi").read_text(encoding="utf-8"))
    [lib] = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    names = [ast.unparse(node.target) for node in lib.body if isinstance(node, ast.AnnAssign)]
    names += [node.name for node in lib.body if isinstance(node, ast.FunctionDef)]
    assert sorted(names) == dir(module(name).lib)


@each_module
def test_the_protocol_names_every_function(name: str) -> None:
    lib = module(name).lib
    functions = {one for one in dir(lib) if callable(getattr(lib, one))}
    assert {one for one in vars(Lib) if one.startswith("sctpx_")} == functions


@each_module
def test_every_constant_has_its_value(name: str) -> None:
    lib = module(name).lib
    numbers = {one.removeprefix(tool.PREFIX): getattr(lib, one) for one in dir(lib) if one.startswith(tool.PREFIX)}
    ours = {one: value for one, value in vars(_contract).items() if isinstance(value, int) and one.isupper()}
    assert ours == numbers


@each_module
@each_record
def test_every_field_is_written_and_read_back(name: str, record: str) -> None:
    """cffi believes the cdef until a type is touched."""
    ffi = module(name).ffi
    one = ffi.new(f"struct {record} *")
    written = fill(ffi, one)
    assert read(ffi, one) == written
    assert all(written)


@each_module
@each_record
def test_python_unpacks_what_was_written(name: str, record: str) -> None:
    ffi = module(name).ffi
    one = ffi.new(f"struct {record} *")
    fill(ffi, one)
    values = python_struct(record).unpack(ffi.buffer(one))
    for field, value in zip(fields_of(record), values, strict=True):
        plain, _, index = field.rstrip("]").partition("[")
        there = getattr(one, plain)[int(index)] if index else getattr(one, plain)
        assert value == (there if isinstance(there, int) else bytes(ffi.buffer(ffi.addressof(one, plain)))), field


@each_module
@each_record
def test_sizes_and_offsets(name: str, record: str) -> None:
    ffi = module(name).ffi
    assert python_struct(record).size == ffi.sizeof(f"struct {record}")
    there = {field: found.offset for field, found in ffi.typeof(f"struct {record}").fields}
    here = {field.removesuffix("[0]"): at for field, at in offsets(record).items()}
    assert {field: at for field, at in here.items() if "[" not in field} == there
