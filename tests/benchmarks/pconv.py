#!/usr/bin/env python3
"""FasterNet's central claim on this CPU: a partial 3x3 convolution runs at more GFLOP/s than depthwise and group
convolutions of equal FLOPs (Chen et al., "Run, Don't Walk", CVPR 2023), and its time falls with the partial ratio.

Every kind has a schedule with a declared space, tuned by the compiler's own search; ONNX Runtime's kernels are timed
in turn with them, as a control. FasterNet's fused block follows, beside Halide's Adams2019 autoscheduler. Build the
program first: ninja -C build pconv-bench. Tuning is recorded: a second run goes on where the first stopped.
"""
import argparse
import json
import os
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
from peers.models import PUBLISHED  # noqa: E402
from peers.process import WorkerFailure  # noqa: E402
from pconv import chart, report  # noqa: E402
from pconv.cases import SIZES  # noqa: E402
from pconv.measurement import Measurement, Refused  # noqa: E402


def duration(text):
    """Seconds of 90, 90s, 10m or 2h."""
    match = re.fullmatch(r"(\d+)([smh]?)", text)
    if not match:
        raise argparse.ArgumentTypeError(f"found '{text}', expected a time such as 90s, 10m or 2h; 0 tunes nothing")
    return int(match[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[match[2]]


def models(text):
    names = [name for name in text.split(",") if name]
    unknown = [name for name in names if name not in PUBLISHED]
    if unknown:
        raise argparse.ArgumentTypeError(f"found '{unknown[0]}', expected some of {', '.join(PUBLISHED)}")
    return names


def sizes(text):
    numbers = [int(word) if word.isdigit() else 0 for word in text.split(",")]
    if not set(numbers) <= set(SIZES):
        raise argparse.ArgumentTypeError(f"found '{text}', expected some of {', '.join(map(str, SIZES))}")
    return numbers


def parse_arguments(words=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--program", default=ROOT / "build/bin/pconv-bench", help="default: build/bin/pconv-bench")
    add("--target", default="host", help="as fasternetc's (default: %(default)s)")
    add("--models", type=models, default=list(PUBLISHED), help="whose channels are taken (default: all)")
    add("--sizes", type=sizes, default=list(SIZES), help="image sizes (default: 56,28,14,7)")
    add("--blocks", type=models, default=["t0", "s"], help="models whose fused blocks are compared (default: t0,s)")
    add("--budget", type=duration, default=3 * 3600, help="of all tuning, such as 10m; 0: records only (default: 3h)")
    add("--turns", type=int, default=5, help="measurements of each (default: %(default)s)")
    add("--seconds", type=float, default=0.1, help="of a control's turn (default: %(default)s)")
    add("--quick", action="store_true", help="two stages of T2, two blocks of T0, 2 minutes of tuning, 3 turns")
    add("--cores", type=lambda text: [int(word) for word in text.split(",")], help="default: the last one")
    add("--no-controls", action="store_true", help="leave ONNX Runtime out")
    add("--records", type=pathlib.Path, help="tuning records, read and appended (default: FOLDER/pconv.tuned.json)")
    add("--folder", type=pathlib.Path, default=ROOT / "build/peers", help="for all files (default: build/peers)")
    add("--json", type=pathlib.Path, help="write the results here, after each table")
    add("--svg", type=pathlib.Path, help="write the chart here")
    add("--from", dest="stored", type=pathlib.Path, help="measure nothing: report what --json wrote")
    arguments = parser.parse_args(words)
    if arguments.quick:
        arguments.models, arguments.sizes, arguments.blocks = ["t2"], [56, 14], ["t0"]
        arguments.budget, arguments.turns = min(arguments.budget, 120), min(arguments.turns, 3)
    arguments.stages = [0, 2] if arguments.quick else list(range(len(SIZES)))
    arguments.records = arguments.records or arguments.folder / "pconv.tuned.json"
    if arguments.turns < 1:
        parser.error(f"--turns: found {arguments.turns}, expected a number from 1")
    if not arguments.stored and not os.access(arguments.program, os.X_OK):
        parser.error(f"--program: found {arguments.program}, which is no program: ninja -C build pconv-bench")
    return arguments


def write(path, text):
    """Whole or not at all."""
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(text)
    temporary.replace(path)


def write_files(arguments, data):
    if arguments.json:
        write(arguments.json, json.dumps(data, indent=1) + "\n")
    if arguments.svg and data["shapes"]:
        write(arguments.svg, chart.svg(data))


def measured(arguments):
    """The data, and its parts one by one as they come."""
    if arguments.stored:
        data = json.loads(arguments.stored.read_text())
        return data, [("shape", shape) for shape in data["shapes"]] + [("block", block) for block in data["blocks"]]
    measurement = Measurement(arguments)
    return measurement.data, measurement.run()


def main():
    arguments = parse_arguments()
    try:
        data, parts = measured(arguments)
        print("\n".join(report.header_lines(data)))
        for kind, part in parts:
            print("\n" + "\n".join(report.lines(kind, part)), flush=True)
            write_files(arguments, data)  # what has been measured stays when the rest is interrupted
    except (OSError, ValueError, Refused, WorkerFailure) as error:
        print(f"pconv.py: {error}", file=sys.stderr)
        return 1
    print("\n" + "\n".join(report.closing_lines()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
