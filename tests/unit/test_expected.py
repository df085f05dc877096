# SPDX-License-Identifier: MIT
"""Only what tests/expected.toml names may be skipped or may fail."""

import pytest

from tests.expected import Entry, Expected, read

SUITE = """
import pytest

def test_passes():
    pass

def test_skips():
    pytest.skip("no reason at all")

@pytest.mark.xfail(reason="broken")
def test_fails():
    assert False

@pytest.mark.xfail(reason="broken", strict=False)
def test_passes_by_surprise():
    pass
"""


def outcomes(pytester: pytest.Pytester, *entries: Entry, backend: str = "linux") -> dict[str, int]:
    pytester.makepyfile(test_suite=SUITE)
    result = pytester.inline_run("-q", plugins=[Expected(entries, backend)])
    passed, skipped, failed = result.listoutcomes()
    return {"passed": len(passed), "skipped": len(skipped), "failed": len(failed)}


def entry(test: str, outcome: str, backend: str = "any", reason: str = "because") -> Entry:
    return Entry(backend=backend, tests=f"test_suite.py::{test}", outcome=outcome, reason=reason)  # type: ignore[arg-type]


def test_an_unlisted_skip_or_expected_failure_fails(pytester: pytest.Pytester) -> None:
    assert outcomes(pytester) == {"passed": 1, "skipped": 0, "failed": 3}


def test_the_list_allows_what_it_names(pytester: pytest.Pytester) -> None:
    listed = [entry("test_skips", "skip"), entry("test_fails", "fail", "linux")]
    assert outcomes(pytester, *listed) == {"passed": 1, "skipped": 2, "failed": 1}


def test_an_entry_is_for_its_backend(pytester: pytest.Pytester) -> None:
    assert outcomes(pytester, entry("test_skips", "skip", "userland"))["failed"] == 3


def test_an_expected_failure_that_passes_fails(pytester: pytest.Pytester) -> None:
    assert outcomes(pytester, entry("test_passes", "fail")) == {"passed": 0, "skipped": 0, "failed": 4}


def test_a_skipped_module_fails(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_module="import pytest\npytest.skip('whole', allow_module_level=True)")
    result = pytester.inline_run("-q", plugins=[Expected([], "linux")])
    assert result.ret != pytest.ExitCode.OK
    assert len(result.listoutcomes()[2]) == 1


def test_an_entry_for_no_test_is_an_error(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_suite=SUITE)
    result = pytester.inline_run("-q", plugins=[Expected([entry("test_renamed", "skip")], "linux")])
    assert result.ret == pytest.ExitCode.USAGE_ERROR


@pytest.mark.parametrize("wrong", [{"outcome": "maybe"}, {"backend": "windows"}, {"reason": ""}])
def test_a_wrong_entry_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="not an entry"):
        entry(**{"test": "test_x", "outcome": "skip", **wrong})


def test_the_list_itself_is_right() -> None:
    assert all(one.reason for one in read())
