#!/bin/sh
# SPDX-License-Identifier: MIT
# check_c.sh [COMPILER...]: compiles every C file of backends/ with all warnings as errors; by default with gcc and clang.
# Warnings are errors only here: a user's compiler may know others.
set -u
cd "$(dirname "$0")/.." || exit 1
[ $# -gt 0 ] || set -- gcc clang
case $(uname -s) in Linux) folders="posix linux userland" ;; *) folders="posix userland" ;; esac
for compiler; do
    command -v "$compiler" >/dev/null || { echo "check_c: no $compiler" >&2; exit 1; }
    # Optimised, since some warnings come of the analysis behind it.
    for folder in $folders; do ls "backends/$folder"/*.c; done |
        xargs -n 1 -P 2 "$compiler" -std=c11 -O2 -Wall -Wextra -Wconversion -Werror -D_GNU_SOURCE=1 -Ibackends -c -o /dev/null || exit 1
done
