#!/usr/bin/env python3
"""Instructions that fasternetc's AArch64 code and that of other engines execute for one image, counted in QEMU.

No ARM core is needed, and none is measured: the counts say nothing about time. They repeat to the last digit shown, but
for ONNX Runtime, where 140 to 155 million were seen for T0. Peers and the Python they run in are unpacked below the build
folder; one that cannot be had is reported with the reason. Exit 1 if an engine's output differs from ours by more than its
precision allows.
"""
import argparse
import functools
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
from instructions import report  # noqa: E402
from instructions.contest import Contest  # noqa: E402
from instructions.emulator import Emulator, Failure  # noqa: E402
from instructions.root import CPUS, Root  # noqa: E402


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--fasternetc", default=ROOT / "build/bin/fasternetc", help="the compiler (default: build/bin/fasternetc)")
    add("--models", default="t0", help="published names or model.json files (default: %(default)s)")
    add("--engines", default="onnxruntime,mnn,ncnn", help="peers to count (default: %(default)s)")
    add("--cpu", default="cortex-a72", choices=CPUS, help="emulated CPU (default: %(default)s)")
    add("--tune-for", default="cortex-a72", help="CPU that our code is shaped for (default: %(default)s)")
    add("--rounds", type=int, default=1, help="pairs of runs that are counted (default: %(default)s)")
    add("--seed", type=int, default=7, help="of the weights and the input (default: %(default)s)")
    add("--records", action="append", default=[], help="tuning records for our compile (may be repeated)")
    add("--folder", default=ROOT / "build/instructions", type=pathlib.Path, help="default: build/instructions")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error(f"--rounds: found {arguments.rounds}, expected a number from 1")
    if not os.access(arguments.fasternetc, os.X_OK):
        parser.error(f"--fasternetc: found {arguments.fasternetc}, which is no program: build it, or name another")
    return arguments


def main():
    arguments = parse_arguments()
    agree = True
    try:
        contest = Contest(arguments, Emulator(arguments.folder, arguments.cpu))
        make_root = functools.cache(lambda: Root(arguments.folder / "aarch64", arguments.cpu))
        for model in arguments.models.split(","):
            name, macs, rows, missing = contest.model(model, make_root)
            print("\n".join(report.lines(name, macs, arguments.cpu, rows, missing)) + "\n", flush=True)
            agree = agree and all(row[-1] for row in rows)
    except (Failure, OSError, RuntimeError, ValueError) as error:
        print(f"instructions.py: {error}", file=sys.stderr)
        return 1
    print(report.NOTES)
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
