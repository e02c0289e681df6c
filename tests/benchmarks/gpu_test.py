#!/usr/bin/env python3
"""gpu.py without a GPU: the whole way of its programs, here and there and back, on the fake driver; its arithmetic.

Usage: gpu_test.py TEST FASTERNETC FAKE_DRIVER     exit 0 passed, 1 failed
"""
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
from gpu import report  # noqa: E402
from gpu.plan import Step  # noqa: E402
from gpu.shelf import PRETENDED_MS, Shelf, pretended_times, run_all  # noqa: E402


def expect(found, wanted, what):
    if found != wanted:
        raise AssertionError(f"{what}: found {found!r}, expected {wanted!r}")


def command(*arguments, env=None, status=0):
    done = subprocess.run([sys.executable, HERE / "gpu.py", *map(str, arguments)], capture_output=True, text=True, env=env)
    if done.returncode != status:
        raise AssertionError(f"{arguments}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def machine(fake, **variables):
    """The environment of a machine with one device."""
    return {**os.environ, "LD_LIBRARY_PATH": str(pathlib.Path(fake).parent), "FASTERNET_FAKE_DRIVER_CAPABILITY": "80",
            **variables}


def test_search_is_prepared(tmp, fasternetc, fake):
    """Programs of a search are kept and taken for right, also where there is a device: none of them looks for it."""
    tiny = ROOT / "tests/data/golden/tiny-gelu/model.json"
    text = command("prepare", "--fasternetc", fasternetc, "--target", "cuda-sm80", "--model", tiny, "--parts", "tune",
                   "--budget", "1s", "--folder", tmp, env=machine(fake, FASTERNET_FAKE_DRIVER_REPORT=str(tmp / "report")))
    expect((tmp / "report").exists(), False, "calls of the driver")
    expect("FAILED" in text, False, text)
    records = [json.loads(line) for line in (tmp / "tried.json").read_text().splitlines()]
    expect(report.measured_records(tmp / "tried.json"), [], "records of programs that ran")
    kernels = {record["kernel"] for record in records}
    expect(len(list(tmp.glob("programs/*.measure"))) >= len(kernels) > 1, True, "programs for each kernel")


def test_there_and_back(tmp, fasternetc, fake):
    """Programs are kept, run where the device is, and answered for afterwards: the same commands then pass."""
    tiny = ROOT / "tests/data/golden/tiny-gelu/model.json"
    ask = ["prepare", "--fasternetc", fasternetc, "--target", "cuda-sm80", "--model", tiny, "--parts", "verify,bench",
           "--cases", "tiny-gelu", "--precisions", "f32", "--batches", "2", "--folder", tmp]
    first = command(*ask)
    expect(first.count(" waits\n"), 2, f"commands without an answer:\n{first}")
    expect("3 programs wait" in first, True, first)
    program, = tmp.glob("programs/*.verify")
    failed = tmp / "answers" / program.stem
    failed.write_text("1\nbroken\n")
    text = command(*ask, status=1)
    expect((text.count("FAILED: "), text.count(" waits\n")), (1, 1), f"a failure while another one waits:\n{text}")
    failed.unlink()
    data = (tiny.parent / "io.safetensors").read_bytes()
    length, = struct.unpack_from("<Q", data)
    begin, end = json.loads(data[8:8 + length])["output"]["data_offsets"]
    (tmp / str(end - begin)).write_bytes(data[8 + length + begin:8 + length + end])  # what the fake leaves
    there = machine(fake, FASTERNET_FAKE_DRIVER_ANSWERS=str(tmp))
    log = command("run", tmp, env=there)
    expect([line.split()[0] for line in log.splitlines()][:3], ["probe", "verify", "bench"], "order of the programs")
    expect("0 programs left" in log, True, log)
    second = command(*ask)
    expect("error 0.00e+00, all ways to run agree" in second, True, second)
    expect("kernels of batch 2 f32" in second and "wait" not in second, True, second)


def test_arithmetic(tmp, fasternetc, fake):
    """Records of programs that ran are told from the others; times and failures of a kernel are summed up."""
    common = {"kernel": "k", "obtained": "measured"}
    records = [{**common, "outcome": "slower", "ms": 0.004, "peak_gflops": 9.0}, {**common, "outcome": "best", "ms": 0.004},
               {**common, "outcome": "slower", "ms": 0.002}, {**common, "outcome": "best", "ms": 0.002},
               {**common, "outcome": "crashed"}, {**common, "outcome": "slower", "ms": PRETENDED_MS},
               {**common, "outcome": "slower", "obtained": "predicted", "cycles": 3}]
    (tmp / "r.json").write_text("\n".join(map(json.dumps, records)) + "\n")
    measured = report.measured_records(tmp / "r.json")
    expect(measured, records[:5], "records of programs that ran")
    line, = report.tune_lines(measured)
    expect(line.split()[1:], "4.00 us at first, best 2.00, fastest seen 2.00 of 2; 1 crashed".split(), "line of a kernel")
    text = pretended_times(2)
    expect((text.count("check "), text.count(" ok "), text.splitlines()[-1]), (2, 2, "done"), "a pretended answer")

    bench = {"batch": 4, "median_ms": 2.0, "first_ms": 9.0, "share_of_peak": 0.1, "kernels": [],
             "device": {"graph_ms": 1.5, "run_device_ms": 1.25, "run_device_graph_ms": 1.0}}
    done = subprocess.CompletedProcess([], 0, json.dumps(bench), "")
    expect(report.bench_line("batch 4 f32", done).split(),
           ["batch", "4", "f32", "2.000", "1.500", "1.250", "1.000", "4000", "20.0%", "9.0"], "line of a bench")
    failed = subprocess.CompletedProcess([], 1, "", "running\nerror: no device\n")
    expect("FAILED: error: no device" in report.text([(Step("verify", "x f32", []), failed)], [], 0, []), True, "a failure")


def test_answers(tmp, fasternetc, fake):
    """A program is known by its bytes, and one that ends badly has an answer too."""
    shelf, program = Shelf(tmp), tmp / "verify"
    program.write_text("#!/bin/sh\necho said; exit 5\n")
    program.chmod(0o755)
    expect(shelf.ask(program, "80")[0], 3, "status of a program that was not run")
    kept, = shelf.waiting()
    expect(shelf.run(kept, 10), (5, "said\n"), "its answer")
    expect((shelf.ask(program, "80"), shelf.waiting()), ((5, "said\n"), []), "asked again")
    program.write_text("#!/bin/sh\nsleep 20\n")
    shelf.ask(program, "80")
    kept, = shelf.waiting()
    log = []
    expect((run_all(shelf, 20, log.append), shelf.answer(kept.stem)), (1, None), "a program for which the time is too short")
    expect(log, ["20 s are left, the next program may take 60"], "what is said of it")
    expect(shelf.run(kept, 0.2)[0], 124, "status of a program that does not end")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        try:
            globals()["test_" + sys.argv[1].replace("-", "_")](pathlib.Path(folder), *sys.argv[2:])
        except AssertionError as error:
            sys.exit(str(error))
