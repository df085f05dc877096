# SPDX-License-Identifier: MIT
"""The command line's arguments."""

import pytest

import sctpx
from sctpx._cli.main import main, parser


def test_alone_it_prints_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert {word for word in ("demo", "doctor", "receiver", "--inside") if word in shown} == {"demo", "doctor"}


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"sctpx {sctpx.__version__}\n"


def test_demo_arguments() -> None:
    chosen = parser().parse_args(["demo", "--json", "a", "b"])
    assert (chosen.command, chosen.files, chosen.json, chosen.inside) == ("demo", ["a", "b"], True, False)
    assert parser().parse_args(["demo", "--inside", "--", "--odd"]).files == ["--odd"]


@pytest.mark.parametrize("arguments", [["nonsense"], ["demo", "--nonsense"], ["doctor", "file"]])
def test_wrong_arguments_are_usage_errors(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert "usage:" in capsys.readouterr().err
