#!/usr/bin/env python3
"""Everything that only a GPU can tell, in one go: golden outputs on all ways to run a model, compute-sanitizer where it
is installed, bench at several batch sizes, and a search of schedules; then one summary.

On a machine that has both the compiler and a GPU:

    gpu.py here --target cuda-sm90

Where the GPU is elsewhere, on a machine with nothing but its driver and Python, and no way in for --runner:

    gpu.py prepare --target cuda-sm90            here: programs into build/gpu/programs, nothing is measured
    gpu.py run build/gpu --seconds 500           there, on a copy of the folder (of gpu.py and gpu/ too): answers/
    gpu.py prepare --target cuda-sm90            here again, with the answers: the summary

A search decides by what was measured what it measures next: each further round of run and prepare takes it a batch
further for every kernel. build/gpu/<gpu>.tuned.json has the records of programs that ran, for `--records`. Programs of
glibc run where glibc is as new as here. A folder may be large: each program of verify and bench holds its model's weights,
16 MB for T0 in f32, about 130 MB in all; `--parts`, `--precisions`, `--batches` and `--cases` divide it among several.
"""
import argparse
import pathlib
import shlex
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
from gpu import plan, report  # noqa: E402
from gpu.shelf import Shelf, run_all, sanitize  # noqa: E402


def listed(text):
    return text.split(",")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("here", "prepare"):
        add = commands.add_parser(name).add_argument
        add("--fasternetc", default=ROOT / "build/bin/fasternetc", help="the compiler (default: build/bin/fasternetc)")
        add("--target", required=True, help="such as cuda-sm90: that of the GPU")
        add("--model", default=plan.GOLDEN / "fasternet-t0/model.json", type=pathlib.Path, help="for bench and tune")
        add("--parts", default=["verify", "bench", "tune"], type=listed, help="default: verify,bench,tune")
        add("--precisions", default=["f32", "f16", "tf32"], type=listed, help="default: f32,f16,tf32")
        add("--batches", default=[1, 32, 256], type=lambda text: [int(word) for word in text.split(",")])
        add("--cases", type=listed, help="goldens to verify (default: a choice of them)")
        add("--budget", default="5m", help="of tune (default: %(default)s)")
        add("--folder", default=ROOT / "build/gpu", type=pathlib.Path, help="default: build/gpu")
    run = commands.add_parser("run").add_argument
    run("folder", type=pathlib.Path)
    run("--answers", type=pathlib.Path, help="where answers go (default: in the folder)")
    run("--seconds", default=500, type=float, help="time for all (default: %(default)s)")
    shelf = commands.add_parser("runner", help="what prepare gives to fasternetc as --runner").add_argument
    shelf("folder", type=pathlib.Path)
    shelf("capability")
    shelf("program", type=pathlib.Path)
    return parser.parse_args()


def sanitizer_words(folder):
    found = sorted((folder / "answers").glob("*.*check"))
    return [(path.name, (path.read_text().strip().splitlines() or ["nothing said"])[-1]) for path in found]


def ask_all(arguments):
    """Every command in order, here or with the shelf as its runner, and the summary."""
    arguments.folder.mkdir(parents=True, exist_ok=True)
    tried = arguments.folder / "tried.json"
    tried.unlink(missing_ok=True)  # a search that knows what it tried would ask for other programs
    runner = []
    if arguments.command == "prepare":
        capability = arguments.target.removeprefix("cuda-sm")
        runner = ["--runner", shlex.join([sys.executable, str(HERE / "gpu.py"), "runner", str(arguments.folder),
                                          capability])]
    results = []
    for step in plan.steps(arguments):
        print(f"{step.kind} {step.label}", file=sys.stderr, flush=True)
        results.append((step, subprocess.run(step.argv + runner, capture_output=True, text=True)))
    records = report.measured_records(tried)
    if records:
        lines = [line for line in tried.read_text().splitlines() if report.is_measured(line)]
        (arguments.folder / f"{records[0]['cpu']}.tuned.json").write_text("\n".join(lines) + "\n")
    waiting = len(Shelf(arguments.folder).waiting()) if runner else 0
    print(report.text(results, records, waiting, sanitizer_words(arguments.folder)))
    return 0 if all(done.returncode == 0 or report.waits(done) for _, done in results) else 1


def main():
    arguments = parse_arguments()
    if arguments.command == "runner":
        status, text = Shelf(arguments.folder).ask(arguments.program, arguments.capability)
        print(text, end="")
        return status
    if arguments.command == "run":
        shelf = Shelf(arguments.folder, arguments.answers)
        left = run_all(shelf, arguments.seconds * 0.85, lambda line: print(line, flush=True))
        sanitize(shelf, arguments.seconds * 0.15, lambda line: print(line, flush=True))
        print(f"{left} programs left")
        return 0
    return ask_all(arguments)


if __name__ == "__main__":
    sys.exit(main())
