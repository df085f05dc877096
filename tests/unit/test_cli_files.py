# SPDX-License-Identifier: MIT
"""Which files the demo finds, and what it says of those that it cannot read."""

import os
from pathlib import Path

from sctpx._cli.files import collect


def test_folders_are_walked_in_order_and_numbered(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("z", "a", "b/inner", ".hidden"):
        (tmp_path / name).write_bytes(b"x" * len(name))
    found = collect([str(tmp_path)])
    names = [str(source.path.relative_to(tmp_path)) for source in found.sources]
    assert names == [".hidden", "a", "z", "b/inner"]
    assert [source.number for source in found.sources] == [0, 1, 2, 3]
    assert found.size == sum(map(len, names))
    assert found.skipped == []


def test_files_and_folders_together(tmp_path: Path) -> None:
    one, folder = tmp_path / "one", tmp_path / "folder"
    one.write_text("1")
    folder.mkdir()
    (folder / "empty").touch()
    assert [(source.path.name, source.size) for source in collect([str(one), str(folder)]).sources] == [
        ("one", 1), ("empty", 0),
    ]


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    good = tmp_path / "good"
    good.touch()
    (tmp_path / "dangling").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe")
    found = collect([str(good), str(tmp_path / "none"), str(tmp_path / "dangling"), str(tmp_path / "pipe")])
    assert [source.path for source in found.sources] == [good]
    assert [reason.rsplit(": ", 1)[1] for reason in found.skipped] == [
        "No such file or directory", "No such file or directory", "not a regular file",
    ]


def test_pipes_below_a_folder_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert collect([str(tmp_path)]).sources == []
    assert collect([str(tmp_path)]).skipped == []


def test_the_default_is_the_standard_library() -> None:
    found = collect([])
    assert len(found.sources) > 300
    assert found.size > 10_000_000
    assert all(source.path.suffix == ".py" for source in found.sources)
    assert not any("site-packages" in source.path.parts for source in found.sources)
