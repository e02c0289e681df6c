#!/usr/bin/env python3
"""fasternetc side by side with other inference engines: same model, weights, input, cores and minutes.

Each engine runs in a process of its own, pinned, one at a time, in rounds in turn; the others are stopped meanwhile.
Peers are installed from PyPI into virtual environments below the build folder; one that cannot be had is reported with
the reason. Exit 1 if an engine's output differs from ours by more than its precision allows.
"""
import argparse
import json
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
from peers import chart, report  # noqa: E402
from peers.benchmark import Benchmark  # noqa: E402
from peers.engines import PEERS  # noqa: E402
from peers.models import PUBLISHED  # noqa: E402


def numbers(text):
    return [int(item) for item in text.split(",")]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--fasternetc", default=ROOT / "build/bin/fasternetc", help="the compiler (default: build/bin/fasternetc)")
    add("--models", default=",".join(PUBLISHED), help="published names or model.json files (default: %(default)s)")
    add("--threads", type=numbers, default=[1, 2], help="default: 1,2")
    add("--batch", type=numbers, default=[1, 8], help="default: 1,8")
    add("--rounds", type=int, default=11, help="turns of each engine (default: %(default)s)")
    add("--seconds", type=float, default=0.3, help="length of a turn, at least one run (default: %(default)s)")
    add("--starts", type=int, default=3, help="starts timed for the first result (default: %(default)s)")
    add("--seed", type=int, default=7, help="of the weights and the input (default: %(default)s)")
    add("--cores", type=numbers, help="default: the last ones; one thread uses the last of these")
    add("--engines", default=",".join(e.name for e in PEERS), help="peers to compare (default: %(default)s)")
    add("--records", action="append", default=[], help="tuning records for our compile (may be repeated)")
    add("--folder", default=ROOT / "build/peers", type=pathlib.Path, help="for all files (default: build/peers)")
    add("--keep", action="store_true", help="keep libraries, model files and programs in the folder")
    add("--json", type=pathlib.Path, help="write the results here, after each table")
    add("--svg", type=pathlib.Path, help="write the chart here")
    add("--from", dest="stored", type=pathlib.Path, help="measure nothing: report what --json wrote")
    arguments = parser.parse_args()
    for name in ("threads", "batch", "rounds", "starts"):
        values = getattr(arguments, name)
        if min(values if isinstance(values, list) else [values]) < 1:
            parser.error(f"--{name}: found {values}, expected numbers from 1")
    if not arguments.stored and not os.access(arguments.fasternetc, os.X_OK):
        parser.error(f"--fasternetc: found {arguments.fasternetc}, which is no program: build it, or name another")
    return arguments


def write_files(arguments, data):
    """The chart of the first batch size has the name given; another one's has its batch in the name."""
    if arguments.json:
        arguments.json.write_text(json.dumps(data, indent=1) + "\n")
    batches = list(dict.fromkeys(group["batch"] for group in data["groups"]))
    if arguments.svg:
        for batch in batches:
            name = arguments.svg.stem + ("" if batch == batches[0] else f"-batch-{batch}")
            arguments.svg.with_name(name + arguments.svg.suffix).write_text(chart.svg(data, batch))


def measured(arguments):
    """The data, and its groups one by one as they come."""
    if arguments.stored:
        data = json.loads(arguments.stored.read_text())
        return data, data["groups"]
    benchmark = Benchmark(arguments)
    return benchmark.data, benchmark.groups()


def main():
    arguments = parse_arguments()
    try:
        data, groups = measured(arguments)
        print(report.header_line(data))
        for group in groups:
            print("\n" + "\n".join(report.group_lines(data, group)), flush=True)
            write_files(arguments, data)  # what has been measured stays when the rest is interrupted
    except (OSError, RuntimeError, ValueError) as error:
        print(f"peers.py: {error}", file=sys.stderr)
        return 1
    print("\n" + "\n".join(report.closing_lines(data)))
    return 0 if all(row["agrees"] for group in data["groups"] for row in group["rows"]) else 1


if __name__ == "__main__":
    sys.exit(main())
