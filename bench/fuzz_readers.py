"""Spoil files of every kind for a stated time and read them: prints how many, and whatever crashed.

    python bench/fuzz_readers.py [seconds, 60 otherwise]

Nothing but the kit's own errors may come; a file that did worse is left in the folder printed, by its seed.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "fuzz")]


def main(seconds: float) -> int:
    from readers import MAKERS, spoilt

    from intervjukit.errors import IntervjukitError
    from intervjukit.formats.archive import unpack
    from intervjukit.formats.transcripts import read_interview

    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    wholes = {}
    for name, make in MAKERS.items():
        make(folder / name)
        wholes[name] = (folder / name).read_bytes()
    tried, read, crashed, slowest = Counter[str](), Counter[str](), Counter[str](), (0.0, "")
    ends, seed = time.monotonic() + seconds, random.randrange(1 << 40)
    while time.monotonic() < ends:
        seed += 1
        for name, whole in wholes.items():
            path = folder / f"S01 {name}"
            path.write_bytes(spoilt(name, whole, random.Random(f"{name} {seed}")))
            tried[name] += 1
            before = time.process_time()
            try:
                with tempfile.TemporaryDirectory() as target:
                    for file in unpack(path, Path(target)).files if name.endswith(".zip") else [path]:
                        read_interview(file)
                read[name] += 1
            except IntervjukitError:
                pass
            except Exception as error:
                crashed[f"{name}: {type(error).__name__}: {error}"] += 1
                (folder / f"crash {seed} {name}").write_bytes(path.read_bytes())
            slowest = max(slowest, (time.process_time() - before, f"{name} {seed}"))
    for name in MAKERS:
        print(f"{name:12} {tried[name]:>7} files, {read[name]:>7} read, the others refused")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{sum(tried.values())} files in {seconds:g} s; slowest {slowest[0]:.2f} CPU s ({slowest[1]}); peak {peak} MB"
    )
    for what, number in crashed.most_common():
        print(f"CRASH {number} x {what}")
    print(f"files: {folder}")
    return 1 if crashed else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60))
