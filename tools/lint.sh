#!/bin/sh
# SPDX-License-Identifier: MIT
# Everything that reads the sources and runs nothing; all of it is done before the verdict.
cd "$(dirname "$0")/.." || exit 1
bin=.venv/bin
verdict=0

step() {
    echo "--- $*"
    "$@" || verdict=1
}

step $bin/ruff check .
step $bin/mypy sctpx tests tools build_ffi.py setup.py _sctpx_pytest.py
for platform in freebsd14 sunos5; do step $bin/mypy --platform $platform sctpx tests tools build_ffi.py setup.py _sctpx_pytest.py; done
step $bin/pyright --pythonpath $bin/python
step $bin/python tools/contract.py --check
step $bin/clang-format --dry-run --Werror backends/*.h backends/*/*.[ch] backends/posix/kernel/*.[ch]
step sh tools/check_c.sh
exit $verdict
