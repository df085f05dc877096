# SPDX-License-Identifier: MIT
"""A surface: public names of modules with their bases, signatures and types as text, read from sources, not run."""

import ast
import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

Surface = dict[str, str]
_SHOWN = ("property", "classmethod", "staticmethod")
# What stands in the package for dataclass(frozen=True, slots=True), and which of them makes all fields keyword-only.
_DATACLASSES = {"_record": False, "fields_option": True}


class Found(NamedTuple):
    """Where a name is defined."""

    scope: "Scope"
    node: ast.stmt


class Scope:
    """A module: what it defines, and where what it imports from the package is defined."""

    def __init__(self, name: str, body: list[ast.stmt], package: "Package | None" = None) -> None:
        self.name = name
        self.package = package
        self.defined: dict[str, ast.stmt] = {}
        self.imported: dict[str, tuple[str, str]] = {}
        for statement in _flat(body):
            if isinstance(statement, ast.ImportFrom) and statement.module:
                for alias in statement.names:
                    self.imported[alias.asname or alias.name] = statement.module, alias.name
            for bound in _bound(statement):
                self.defined.setdefault(bound, statement)

    def find(self, name: str) -> Found | None:
        if name in self.defined:
            return Found(self, self.defined[name])
        module, original = self.imported.get(name, ("", ""))
        if self.package is None or module.partition(".")[0] != "sctpx" or f"{module}.{original}" in self.package.public:
            return None
        return self.package.scope(module).find(original)


class Package:
    """Sources below a folder; `public` are the modules whose names are the surface."""

    def __init__(self, root: Path, public: list[str]) -> None:
        self.root = root
        self.public = public
        self._scopes: dict[str, Scope] = {}

    def scope(self, module: str) -> Scope:
        if module not in self._scopes:
            path = self.root / module.replace(".", "/")
            source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
            self._scopes[module] = Scope(module, ast.parse(source.read_text(encoding="utf-8")).body, self)
        return self._scopes[module]

    def surface(self) -> Surface:
        made: Surface = {}
        for module in self.public:
            scope = self.scope(module)
            for name in {**scope.defined, **scope.imported}:
                found = None if name.startswith("_") and name != "__version__" else scope.find(name)
                if found is not None:
                    made |= _described(f"{module}.{name}", found)
        return made


def promise(path: Path) -> dict[str, Surface]:
    """The surface of each module of a promise: one file with `#: module X` lines."""
    surfaces: dict[str, Surface] = {}
    for part in re.split(r"^#: module ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        module, body = part.split("\n", 1)
        scope = Scope(module, ast.parse(body).body)
        surfaces[module] = {}
        for name, node in scope.defined.items():
            if not name.startswith("_") or name == "__version__":
                surfaces[module] |= _described(f"{module}.{name}", Found(scope, node))
    return surfaces


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements of a module or class; of an `if TYPE_CHECKING`, what the checkers see."""
    for statement in body:
        if isinstance(statement, ast.If):
            yield from _flat(statement.body)
        else:
            yield statement


def _bound(statement: ast.stmt) -> list[str]:
    if isinstance(statement, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        return [statement.name]
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return [statement.target.id]
    if isinstance(statement, ast.Assign):
        return [one.id for one in statement.targets if isinstance(one, ast.Name)]
    return []


def _described(name: str, found: Found) -> Surface:
    node = found.node
    if isinstance(node, ast.ClassDef):
        return _class(name, found.scope, node)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return {name: _function(node)}
    if isinstance(node, ast.AnnAssign):
        if _text(node.annotation) == "TypeAlias" and node.value is not None:
            return {name: f"alias {_text(node.value)}"}
        return {name: f"variable {_text(node.annotation)}"}
    assert isinstance(node, ast.Assign)
    return {name: _assigned(node.value)}


def _assigned(value: ast.expr) -> str:
    if isinstance(value, ast.Call) and _text(value.func) != "NewType":
        return f"variable {_text(value.func)}"
    if isinstance(value, ast.Constant):
        return f"variable {type(value.value).__name__}"
    return _text(value)


def _class(name: str, scope: Scope, node: ast.ClassDef) -> Surface:
    """A class and its members. Bases that are no part of the surface are its own business: their members are its."""
    bases = [base for base in node.bases if not _is_private(scope, base)]
    decorators = [_text(one).replace(", kw_only=True", "") for one in node.decorator_list]
    decorators = ["dataclass(frozen=True, slots=True)" if one in _DATACLASSES else one for one in decorators]
    shown = " ".join([*decorators, f"class({', '.join(map(_text, bases))})"])
    made: Surface = {}
    for base in node.bases:
        inner = scope.find(_name(base)) if _is_private(scope, base) else None
        if inner is not None and isinstance(inner.node, ast.ClassDef):
            made |= {k: v for k, v in _class(name, inner.scope, inner.node).items() if k != name}
    return {name: shown, **made, **_members(name, node)}


def _is_private(scope: Scope, base: ast.expr) -> bool:
    found = scope.find(_name(base))
    if scope.package is None or found is None:
        return False
    return all(_name(base) not in {**scope.package.scope(one).imported} for one in scope.package.public)


def _name(node: ast.expr) -> str:
    return ast.unparse(node.value if isinstance(node, ast.Subscript) else node)


def _members(name: str, node: ast.ClassDef) -> Surface:
    made: Surface = {}
    keyword = any("kw_only=True" in _text(one) or _DATACLASSES.get(_text(one)) for one in node.decorator_list)
    enum = any("enum." in _text(base) for base in node.bases)
    for statement in _flat(node.body):
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            _method(made, f"{name}.{statement.name}", statement)
        for member in _bound(statement) if isinstance(statement, (ast.Assign, ast.AnnAssign)) else []:
            if isinstance(statement, ast.AnnAssign):
                keyword |= _text(statement.annotation) == "KW_ONLY"
                if not member.startswith("_") and "ClassVar" not in _text(statement.annotation):
                    default = f" = {_text(statement.value)}" if statement.value is not None else ""
                    kind = "keyword " if keyword else ""
                    made[f"{name}.{member}"] = f"{kind}field {_text(statement.annotation)}{default}"
            elif enum and not member.startswith("_"):
                assert isinstance(statement, ast.Assign)
                made[f"{name}.{member}"] = f"member = {_text(statement.value)}"
    return made


def _method(made: Surface, name: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    decorators = [_text(one) for one in node.decorator_list]
    if node.name.startswith("_") and not node.name.endswith("__"):
        return
    if f"{node.name}.setter" in decorators:
        made[name] = made[name].replace("property () -> ", "field ")
    elif "overload" in decorators:
        made[name] = "\n".join([*filter(None, [made.get(name)]), f"overload {_function(node)}"])
    elif not made.get(name, "").startswith("overload"):  # else the implementation
        made[name] = " ".join([*(one for one in decorators if one in _SHOWN), _function(node)])


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    for arguments in (node.args.posonlyargs, node.args.args):
        if arguments and arguments[0].arg in ("self", "cls"):
            del arguments[0]
    head = "async " if isinstance(node, ast.AsyncFunctionDef) else ""
    returns = f" -> {_text(node.returns)}" if node.returns is not None else ""
    return f"{head}({_text(node.args)}){returns}"


class _Plain(ast.NodeTransformer):
    """Annotations as they are meant: quotes removed, except a Literal's; names of the package unqualified."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, str) and re.fullmatch(r"[\w\[\]., |]+", node.value):
            inner = self.visit(ast.parse(node.value, mode="eval").body)
            assert isinstance(inner, ast.expr)
            return inner
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if isinstance(node.value, ast.Name) and node.value.id == "Literal":
            return node
        self.generic_visit(node)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if isinstance(node.value, ast.Name) and node.value.id in ("sctpx", "options"):
            return ast.Name(node.attr)
        return node


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Call) and _name(node.func) == "NewType":
        return ast.unparse(node)
    return ast.unparse(_Plain().visit(copy.deepcopy(node)))
