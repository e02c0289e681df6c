#!/usr/bin/env python3
"""The parts of instructions.py that need no peer: arithmetic and table; exact counts of a program with known ones; the
counts of a small model of ours.

Usage: instructions_test.py TEST FASTERNETC     exit 0 passed, 1 failed, 77 skipped
"""
import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
from instructions import report  # noqa: E402
from instructions.contest import COMPILER, Contest, ours  # noqa: E402
from instructions.emulator import PROGRAM, Counts, Emulator, command, per_run  # noqa: E402
from peers.models import describe  # noqa: E402

# TURNS times: 17 instructions, 4 of them multiply-adds (one with two lanes, one subtracting), 7 of memory, which move
# 1 + 2 + 4 + 2 + 1 vector registers. The others differ from these in few bits: products, sums, scalar arithmetic.
LOOP = """
.global _start
_start:
    mov x1, #TURNS
    mov x2, sp
1:  fmla v0.4s, v1.4s, v2.4s
    fmla v3.4s, v1.4s, v2.s[1]
    fmls v4.4s, v1.4s, v2.4s
    fmla v5.2s, v1.2s, v2.s[3]
    ldr q6, [x2]
    ldp q7, q8, [x2]
    ld1 {v16.4s-v19.4s}, [x2]
    ld2 {v20.4s-v21.4s}, [x2]
    ld1r {v22.4s}, [x2]
    ldp x3, x4, [x2, #16]
    stur x3, [sp, #-16]
    subs x1, x1, #1
    fmul v23.4s, v1.4s, v2.4s
    fmul v24.4s, v1.4s, v2.s[1]
    fabd s25, s1, s2
    fmadd s26, s1, s2, s3
    b.ne 1b
    mov x0, #0
    mov x8, #93
    svc #0
"""


class Failed(Exception):
    pass


def expect(found, wanted, what):
    if found != wanted:
        raise Failed(f"{what}: found {found!r}, expected {wanted!r}")


def test_arithmetic(_folder, _fasternetc):
    expect(per_run(Counts(1000, 100, 300, 400), Counts(1800, 160, 500, 440), 4), Counts(200, 15, 50, 10), "of four runs more")


def test_report(_folder, _fasternetc):
    ours_counts, peer = Counts(200e6, 90e6, 50e6, 60e6), Counts(300e6, 100e6, 100e6, 1e6)
    lines = report.lines("tiny", 400e6, "cortex-a72", [("fasternetc", ours_counts, 0.0, True),
                                                       ("Peer", peer, 2e-3, False)], [("Other", "no wheel")])
    expect(lines[0], "tiny, 400.0 million MACs, 1 thread, emulated cortex-a72", "title")
    expect(lines[2].split(), "fasternetc 200.0 0.500 90.0 0.225 50.0 60.0 1.00 0.0e+00".split(), "our row")
    expect(lines[3].split(), "Peer 300.0 0.750 100.0 0.250 100.0 1.0 1.50 2.0e-03 DISAGREES".split(), "a peer's row")
    expect(lines[4], "missing: Other: no wheel", "a peer that could not be had")


def test_known_counts(folder, _fasternetc):
    emulator, counts = Emulator(folder / "a folder, with a comma", "cortex-a72"), []
    for turns in (1000, 3000):
        source, program = folder / f"loop-{turns}.s", folder / f"loop-{turns}"
        source.write_text(LOOP.replace("TURNS", str(turns)))
        command(COMPILER, "-nostdlib", "-static", source, "-o", program)
        counts.append(emulator.count([program])[0])
    expect(counts[0], Counts(2 + 17000 + 3, 4000, 7000, 10000), "counts of 1000 turns")
    expect(per_run(*counts, 2000), Counts(17, 4, 7, 10), "counts of one turn")


def test_own_library(folder, fasternetc):
    settings = argparse.Namespace(rounds=1, seed=7, records=[], tune_for="cortex-a72")
    description = describe(str(ROOT / "tests/data/golden/digits/model.json"))
    _, program = ours(fasternetc, description, settings, folder)
    image = folder / "input.f32"
    image.write_bytes(bytes(4 * 32 * 32 * description["in_chans"]))
    contest = Contest(settings, Emulator(folder, "cortex-a72"))
    (_, counts, _, _), macs, values = contest.our_row(program, image, folder)
    expect(len(values), description["num_classes"], "values of the output")
    again = contest.our_row(program, image, folder)[0][1]
    expect(again.multiply_adds, counts.multiply_adds, "multiply-adds of a second measurement")
    # The worker prints how long each run took, and prints more or fewer digits.
    difference = abs(again.instructions - counts.instructions)
    expect(difference < 1e-3 * counts.instructions, True, f"{difference} instructions more or fewer in a second one")
    # At most four products in an instruction; Winograd's form saves a third of the partial convolution's, which is
    # never more than a third of a model.
    expect(counts.multiply_adds * 4 > 0.8 * macs, True, f"{counts} are enough for {macs} products")
    expect(counts.instructions < 4 * macs, True, f"{counts} are those of vector code")


NEEDS = {"known-counts": (COMPILER, PROGRAM, "cc"), "own-library": (COMPILER, PROGRAM, "cc")}


def plugins_work():
    done = subprocess.run([PROGRAM, "-help"], capture_output=True, text=True)
    return "-plugin" in done.stdout


def main(name, fasternetc):
    missing = [tool for tool in NEEDS.get(name, ()) if not shutil.which(tool)]
    if missing or (name in NEEDS and not plugins_work()):
        print(f"skipped: {' and '.join(missing) or PROGRAM + ' with plugins'} not installed")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        try:
            globals()["test_" + name.replace("-", "_")](pathlib.Path(folder), pathlib.Path(fasternetc).resolve())
        except Failed as failure:
            print(f"{name}: {failure}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
