# SPDX-License-Identifier: MIT
"""Tables of what the systems' own headers say, tests/foreign/abi/, as C that compiles only where a header agrees.

They were dumped from the real headers by a compiler for the target: values of macros, layouts of structs (from the
debugging information, checked by assertions) and prototypes.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("abi")
DIFFERENCE = re.compile(r"(?P<struct>\w+)(?: size|\.(?P<member>\w+)): amd64 (?P<ours>\d+) vs (?P<theirs>\d+)")


@dataclass(frozen=True)
class Struct:
    kind: str
    size: int
    offsets: dict[str, int]


@dataclass(frozen=True)
class Abi:
    macros: dict[str, int]
    structs: dict[str, Struct]
    functions: dict[str, str]
    types: dict[str, int]

    def constants(self, names: Iterable[str]) -> str:
        return "".join(_assertion(f"(long long)({name}) == {self.macros[name]}LL", name) for name in names)

    def layouts(self, names: Iterable[str]) -> str:
        lines = []
        for name in names:
            struct = self.structs[name]
            native = f"{struct.kind} {name}"
            lines.append(_assertion(f"sizeof({native}) == {struct.size}", f"sizeof {name}"))
            lines += [
                _assertion(f"__builtin_offsetof({native}, {member}) == {offset}", f"{name}.{member}")
                for member, offset in struct.offsets.items()
            ]
        return "".join(lines)

    def sizes(self) -> str:
        return "".join(_assertion(f"sizeof({name}) == {size}", name) for name, size in self.types.items())

    def prototypes(self, names: Iterable[str]) -> str:
        """Declares them again, which C refuses where the header says otherwise."""
        return "".join(f"{self.functions[name]};\n" for name in names)


def read(name: str) -> Abi:
    told = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    structs = {
        struct: Struct(
            entry["kind"], entry["size"],
            {member["name"]: member["offset"] for member in entry["members"] if "bitfield" not in member},
        )
        for struct, entry in told["structs"].items()
    }  # fmt: skip
    types = {type: entry["size"] for type, entry in told["typedefs"].items()}
    return Abi({**told["enumerators"], **told["macros"]}, structs, told["functions"], types)


def illumos(processor: str) -> Abi:
    """Of amd64, or with what differs on SPARC."""
    table = read("illumos")
    if processor != "sparcv9":
        return table
    differences = json.loads((FOLDER / "illumos_sparcv9.json").read_text(encoding="utf-8"))["differs_from_amd64"]
    structs = dict(table.structs)
    for line in differences:
        found = DIFFERENCE.fullmatch(line)
        assert found is not None, line
        old = structs[found["struct"]]
        now, offsets = int(found["theirs"]), dict(old.offsets)
        before = old.offsets[found["member"]] if found["member"] else old.size
        assert before == int(found["ours"]), line
        if found["member"]:
            offsets[found["member"]] = now
        structs[found["struct"]] = Struct(old.kind, old.size if found["member"] else now, offsets)
    return Abi(table.macros, structs, table.functions, table.types)


def _assertion(condition: str, message: str) -> str:
    return f'_Static_assert({condition}, "{message}");\n'
