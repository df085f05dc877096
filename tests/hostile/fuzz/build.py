# SPDX-License-Identifier: MIT
"""The fuzzers of the shims' parsers, compiled from the backends' sources under ASan and UBSan.

With clang's libFuzzer, which goes for code that it has not reached; where there is none, with driver.c, which mutates
blindly. Nothing of a stack is needed to run one: what stands below the shim is the fuzzer's own.
"""

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from tests.contract.shim.native import build, with_shim

HERE = Path(__file__).resolve().parent
SANITIZED = ["-fno-sanitize-recover=all", "-fno-omit-frame-pointer", "-g", "-O1"]


PROBE = "int LLVMFuzzerTestOneInput(const unsigned char *bytes, unsigned long length) { return bytes && !length; }\n"


@cache
def has_libfuzzer() -> bool:
    if shutil.which("clang") is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "probe.c")
        target.write_text(PROBE)
        words = ["clang", "-fsanitize=fuzzer,address,undefined", str(target), "-o", f"{folder}/probe"]
        return subprocess.run(words, capture_output=True, check=False).returncode == 0


def fuzzer(backend: str) -> Path:
    own = [HERE / "fuzz.c", HERE / f"stack_{backend}.c"]
    if has_libfuzzer():
        words, sanitizers = ["clang"], "-fsanitize=fuzzer,address,undefined"
    else:
        words, sanitizers = [], "-fsanitize=address,undefined"
        own.append(HERE / "driver.c")
    flags, depends = with_shim(backend)
    own_flags = [sanitizers, *SANITIZED, f"-I{HERE}", *map(str, own)]
    return build(f"fuzz_{backend}", [*own_flags, *flags], [*own, *HERE.glob("*.h"), *depends], words)
