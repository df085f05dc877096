# SPDX-License-Identifier: MIT
"""The list of what later versions bring, and sources without the statements that name any of it."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
_LIST = tomllib.loads((HERE / "later.toml").read_text(encoding="utf-8"))
MODULES = frozenset(_LIST["modules"])
OPTIONS = frozenset(_LIST["options"])
MEMBERS = frozenset(_LIST["members"])
PARAMETERS = frozenset(_LIST["parameters"])
PROGRAMS = frozenset(_LIST["programs"])
# As they are written in a program.
NAMES = frozenset({name.rpartition(".")[2] for name in MODULES | MEMBERS | PARAMETERS} | OPTIONS)
_SIMPLE = (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Delete, ast.Assert)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def without_later(source: str) -> str:
    """The source without what names anything later, or anything that is gone for that reason; line numbers stay."""
    lines = source.splitlines()
    gone = set(NAMES)
    while True:
        tree = ast.parse("\n".join(lines))
        if _thin_out(lines, tree, gone):
            continue
        found = next(_doomed(tree.body, gone), None)
        if found is None:
            return "\n".join(lines) + "\n"
        gone |= _bound_by(found)
        _remove(lines, found, gone)


def _thin_out(lines: list[str], tree: ast.Module, gone: set[str]) -> bool:
    """Leave the later ones out of the first list that has others too; whether there was one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.List):
            kept = [one for one in node.elts if not _names(one) & gone]
            if 0 < len(kept) < len(node.elts):
                node.elts = kept
                assert node.end_lineno is not None and node.end_col_offset is not None
                head = lines[node.lineno - 1][: node.col_offset]
                tail = lines[node.end_lineno - 1][node.end_col_offset :]
                blank = node.end_lineno - node.lineno
                lines[node.lineno - 1 : node.end_lineno] = (head + ast.unparse(node) + "\n" * blank + tail).split("\n")
                return True
    return False


def _doomed(body: list[ast.stmt], gone: set[str]) -> Iterator[ast.AST]:
    """Statements, or branches of a match, that must go."""
    for statement in body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            if any(_of_import(statement, alias) & gone for alias in statement.names):
                yield statement
        elif isinstance(statement, (*_SIMPLE, ast.Return, ast.Raise)):
            if _names(statement) & gone:
                yield statement
        elif isinstance(statement, ast.ClassDef):
            yield from [statement] if any(_names(base) & gone for base in statement.bases) else _doomed(
                statement.body, gone
            )
        elif isinstance(statement, _FUNCTIONS):
            heads = [statement.args, *([statement.returns] if statement.returns else [])]
            inner = list(_doomed(statement.body, gone))
            # What a function returns cannot be left out of it.
            if any(_names(head) & gone for head in heads) or any(_returns(one) for one in inner):
                yield statement
            yield from inner
        else:
            yield from _doomed_compound(statement, gone)


def _doomed_compound(statement: ast.stmt, gone: set[str]) -> Iterator[ast.AST]:
    heads: list[ast.AST] = []
    bodies: list[list[ast.stmt]] = []
    for _, value in ast.iter_fields(statement):
        if isinstance(value, ast.AST):
            heads.append(value)
        elif isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            bodies.append(value)
        elif isinstance(value, list):
            for one in value:
                if isinstance(one, ast.match_case):
                    if _names(one.pattern) & gone:
                        yield one
                    bodies.append(one.body)
                elif isinstance(one, ast.ExceptHandler):
                    bodies.append(one.body)
                elif isinstance(one, ast.AST):
                    heads.append(one)
    if any(_names(head) & gone for head in heads):
        yield statement
    for body in bodies:
        yield from _doomed(body, gone)


def _returns(node: ast.AST) -> bool:
    return any(isinstance(one, ast.Return) and one.value is not None for one in ast.walk(node))


def _names(node: ast.AST) -> set[str]:
    found: set[str] = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            found.add(one.id)
        elif isinstance(one, ast.Attribute):
            found.add(one.attr)
        elif isinstance(one, ast.keyword) and one.arg is not None:
            found.add(one.arg)
    return found


def _of_import(statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> set[str]:
    return {alias.asname or alias.name, alias.name.rpartition(".")[2]}


def _bound_by(node: ast.AST) -> set[str]:
    """Names that are there no more when the statement is gone; a module's or function's that others use."""
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        return {node.name}
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return {one.id for one in targets if isinstance(one, ast.Name)}
    return set()


def _remove(lines: list[str], node: ast.AST, gone: set[str]) -> None:
    assert isinstance(node, (ast.stmt, ast.match_case))
    if isinstance(node, ast.match_case):
        first, last = node.pattern.lineno, node.body[-1].end_lineno
        column, instead = len(lines[first - 1]) - len(lines[first - 1].lstrip()), ""
    else:
        first, last, column, instead = node.lineno, node.end_lineno, node.col_offset, "pass"
    assert last is not None
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        node.names = [alias for alias in node.names if not _of_import(node, alias) & gone]
        instead = ast.unparse(node) if node.names else "pass"
    decorators = getattr(node, "decorator_list", [])
    first = min([first, *(one.lineno for one in decorators)])
    lines[first - 1 : last] = [" " * column + instead, *[""] * (last - first)]
