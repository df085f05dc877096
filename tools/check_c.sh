#!/bin/sh
# SPDX-License-Identifier: MIT
# check_c.sh [COMPILER...]: compiles every C file of backends/ with all warnings as errors; by default with gcc and clang.
# Warnings are errors only here: a user's compiler may know others.
set -u
cd "$(dirname "$0")/.." || exit 1
[ $# -gt 0 ] || set -- gcc clang
case $(uname -s) in Linux) kernel=linux ;; FreeBSD) kernel=freebsd ;; SunOS) kernel=solaris ;; *) kernel= ;; esac
for compiler; do
    command -v "$compiler" >/dev/null || { echo "check_c: no $compiler" >&2; exit 1; }
    # Optimised, since some warnings come of the analysis behind it.
    for backend in userland $kernel; do
        ls backends/posix/*.c "backends/$backend"/*.c
        [ "$backend" = userland ] || ls backends/posix/kernel/*.c
    done | sort -u |
        xargs -n 1 -P 2 "$compiler" -std=c11 -O2 -Wall -Wextra -Wconversion -Wundef -Werror -D_GNU_SOURCE=1 -D__EXTENSIONS__=1 \
            -Ibackends ${kernel:+"-Ibackends/$kernel"} -c -o /dev/null || exit 1
done
