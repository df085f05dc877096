#!/bin/sh
# SPDX-License-Identifier: MIT
# setup.sh [test|lint]: brings this clone to where it runs; with "test" or "lint", to where it is tested or checked.
# Does only what is not done yet, so that a second run is quick and needs no network.
set -eu
cd "$(dirname "$0")/.."
aim=${1:-run}
python=${PYTHON:-python3}
lacking=   # Debian's names of the packages that are not there

say() { echo "setup: $*" >&2; }
fail() { say "$*"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }
lack() { lacking="$lacking${*:+ $*}"; }
# shellcheck disable=SC2086
includes() { echo "#include <$1>" | ${CC:-gcc} ${CPPFLAGS:-} ${CFLAGS:-} -E - >/dev/null 2>&1; }

find_lacking() {
    lacking=
    if has "$python"; then
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "$python is older than Python 3.11"
        "$python" -c 'import ensurepip, venv' 2>/dev/null || lack python3-venv
        "$python" -c 'import os, sys, sysconfig
sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' || lack python3-dev
    else
        lack python3 python3-venv python3-dev
    fi
    if ! has "${CC:-gcc}" || ! includes stdio.h; then lack gcc libc6-dev; fi
    includes netinet/sctp.h || lack libsctp-dev
    includes usrsctp.h || lack libusrsctp-dev
    has ip || lack iproute2
    if [ "$aim" != run ]; then has clang || lack clang; fi
    if [ "$aim" = test ]; then
        # Other people's SCTP programs, which sctpx is tried against.
        has socat || lack socat
        has ncat || lack ncat
        has sctp_test || lack lksctp-tools
        # Without it the parsers are fuzzed blindly (tests/hostile/fuzz/build.py).
        fuzzes || lack "$(fuzzer_runtime)"
    fi
    if [ "$aim" = test ] && needs_guest; then
        has qemu-system-x86_64 || lack qemu-system-x86
        has busybox || lack busybox-static
        PATH=$PATH:/sbin:/usr/sbin has depmod || lack kmod
        has cpio || lack cpio
        has zstd || lack zstd
    fi
}

fuzzes() {
    probe='int LLVMFuzzerTestOneInput(const char *bytes, unsigned long size) { return bytes && !size; }'
    has clang && echo "$probe" | clang -fsanitize=fuzzer -x c - -o /dev/null 2>/dev/null
}

# libFuzzer's runtime, of the release of clang that this system has, and recommends it with; nothing where its package
# is called otherwise, belongs to clang itself, or is there and does not help.
fuzzer_runtime() {
    has apt-cache || return 0
    release=$(apt-cache depends clang 2>/dev/null | sed -n 's/^ *Depends: clang-\([0-9][0-9]*\)$/\1/p' | head -n 1)
    package=libclang-rt-$release-dev
    if apt-cache show "$package" >/dev/null 2>&1 && ! dpkg -s "$package" >/dev/null 2>&1; then echo "$package"; fi
}

# A test of the kernel's SCTP needs a kernel that has it.
needs_guest() {
    [ "$(uname -sm)" = "Linux x86_64" ] && ! "$python" -c 'import socket; socket.socket(2, 1, 132)' 2>/dev/null
}

install_packages() {
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        has sudo || fail "as root, once: apt-get install$lacking"
        as_root=sudo
    fi
    say "installing$lacking"
    $as_root apt-get update -qq
    find_lacking  # again: only now are all packages known
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $lacking >/dev/null
    find_lacking
    [ -z "$lacking" ] || fail "still lacking:$lacking"
}

system_packages() {
    case $(uname -s) in
    Linux)
        find_lacking
        if [ -n "$lacking" ]; then
            has apt-get || fail "install what Debian calls$lacking (dnf: python3-devel gcc lksctp-tools-devel" \
                "usrsctp-devel iproute clang), then again"
            install_packages
        fi
        : "${SCTPX_BUILD=linux,userland}"
        export SCTPX_BUILD
        ;;
    *)
        case $(uname -s) in Darwin) where=$(brew --prefix 2>/dev/null || echo /usr/local) ;; *) where=/usr/local ;; esac
        export CPATH="$where/include${CPATH:+:$CPATH}" LIBRARY_PATH="$where/lib${LIBRARY_PATH:+:$LIBRARY_PATH}"
        if ! has "$python" || ! has "${CC:-cc}"; then
            fail "needs Python 3.11 or later, a C compiler and libusrsctp (macOS: xcode-select --install;" \
                "brew install python libusrsctp. FreeBSD: pkg install python3 libusrsctp)"
        fi
        ;;
    esac
}

# newer STAMP FILE...: is there no stamp, or a file that changed since?
newer() {
    stamp=$1; shift
    [ ! -e "$stamp" ] || [ -n "$(find "$@" -newer "$stamp" ! -type d | head -n 1)" ]
}

python_packages() {
    [ -x .venv/bin/python ] || { say "making .venv"; "$python" -m venv .venv; }
    case $aim in
    run) extras=cli stamps=run ;;
    test) extras=cli,test stamps="run test" ;;
    lint) extras=cli,test,lint stamps="run test lint" ;;
    esac
    if newer ".venv/sctpx-$aim" pyproject.toml setup.py; then
        say "installing Python packages and compiling"
        .venv/bin/python -m pip install -q --disable-pip-version-check 'setuptools>=77' 'cffi>=1.17' wheel
        .venv/bin/python -m pip install -q --disable-pip-version-check --no-build-isolation -e ".[$extras]"
        for stamp in built $stamps; do touch ".venv/sctpx-$stamp"; done
    fi
    if newer .venv/sctpx-built backends build_ffi.py || ! ls sctpx/_native/_*.so >/dev/null 2>&1; then
        say "compiling"
        .venv/bin/python setup.py -q build_ext --inplace
        touch .venv/sctpx-built
    fi
}

# A second release of the cross compiler, for the headers of FreeBSD 14: tests/foreign/zig.py looks for it here.
older_compiler() {
    older=0.15.2
    if [ "$aim" = test ] && [ "$(uname -sm)" = "Linux x86_64" ] && [ ! -e build/ziglang-$older/ziglang/zig ]; then
        say "installing ziglang $older"
        rm -rf build/ziglang-$older
        .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --target build/ziglang-$older \
            "ziglang==$older"
    fi
}

case $aim in run | test | lint) ;; *) fail "what is '$aim'?" ;; esac
system_packages
python_packages
older_compiler
