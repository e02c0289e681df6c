#!/usr/bin/env python3
"""`fasternetc tune` as its users meet it: killed, interrupted, resumed, through runners; and compile with its records.

Usage: tune_test.py FASTERNETC TEST        exit 0 passed, 1 failed, 77 skipped
"""
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from commands import Failure, run

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MODEL = ROOT / "tests/data/golden/tiny-gelu/model.json"


def records_of(path):
    """The lines that are whole; a killed process may leave one that is not."""
    records = []
    for line in path.read_text().splitlines() if path.exists() else []:
        try:
            records.append(json.loads(line))
        except json.JSONDecodeError:
            pass
    return records


def tune_command(records, *options):
    return [FASTERNETC, "tune", str(MODEL), "--records", str(records), "--no-shipped-records", *options]


def schedules(folder):
    manifest = json.loads((folder / "tiny_gelu.json").read_text())
    return {kernel["spec"]: variant["schedule"] for kernel in manifest["kernels"] for variant in kernel["variants"]}


def compile_with(tmp, records):
    folder = tmp / "out"
    run(FASTERNETC, "compile", MODEL, "--weights", "seeded:7", "--no-shipped-records", "--records", records, "-o",
        folder, "--quiet")
    return schedules(folder)


def test_killed(tmp):
    """Killed 20 times at random moments, tune never loses or changes what it has written, and goes on from it."""
    records = tmp / "r.json"
    chance = random.Random(7)
    before = b""
    for _ in range(20):
        process = subprocess.Popen(tune_command(records, "--budget", "60s"), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(chance.uniform(0.2, 2.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
        now = records.read_bytes() if records.exists() else b""
        if not now.startswith(before):
            raise Failure("earlier records were changed")
        before = now
    found = records_of(records)
    best = [r for r in found if r["outcome"] == "best"]
    if not best:
        raise Failure("nothing was recorded in 20 runs")
    tried = [(r["kernel"], r["parameters"]) for r in found if r["outcome"] != "best"]
    if len(tried) != len(set(tried)):
        raise Failure("a candidate was tried twice")
    used = compile_with(tmp, records)
    for kernel in {r["kernel"] for r in best}:
        if "measured for" not in used[kernel]:
            raise Failure(f"{kernel}: compiled with {used[kernel]}")


def test_interrupted(tmp):
    """Ctrl-C ends with what was found, exit 0."""
    records = tmp / "r.json"
    process = subprocess.Popen(tune_command(records, "--budget", "60s"), stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, start_new_session=True)
    for _ in range(200):
        time.sleep(0.1)
        if records_of(records):
            break
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    if process.returncode != 0 or "stopped; what was found is kept" not in out:
        raise Failure(f"exit {process.returncode}: {out}{err}")


def test_runners(tmp):
    """Two runners share the kernels; the records make the next compile, which computes the same."""
    records = tmp / "r.json"
    done = run(*tune_command(records, "--budget", "20s", "--runner", "nice -n 1", "--runner", "nice -n 2"))
    best = {r["kernel"] for r in records_of(records) if r["outcome"] == "best"}
    used = compile_with(tmp, records)
    if best != set(used):
        raise Failure(f"no best record for {set(used) - best}\n{done.stdout}")
    for kernel, schedule in used.items():
        if "r.json, measured for" not in schedule:
            raise Failure(f"{kernel}: compiled with {schedule}")
    run(FASTERNETC, "verify", MODEL.parent, "--no-shipped-records", "--records", records)


def test_emulated(tmp):
    """A runner that is an emulator, for another CPU than this one."""
    if not shutil.which("qemu-x86_64"):
        return 77
    records = tmp / "r.json"
    run(*tune_command(records, "--budget", "5s", "--target", "x86-64-v3", "--tune-for", "haswell", "--runner",
                      "qemu-x86_64 -cpu Haswell"))
    found = records_of(records)
    if not found or any(r["cpu"] != "haswell" or r["isa"] != "avx2" for r in found):
        raise Failure(f"unexpected records: {found[:3]}")
    return 0


def test_wrong_inputs(tmp):
    """One line that says what is wrong, exit 1."""
    cases = [(["--budget", "soon"], "--budget: found 'soon'"), (["--tune-for", "zen44"], "--tune-for: found 'zen44'"),
             (["--cc", "no-such-cc"], "no-such-cc"), (["--runner", "false", "--budget", "5s"], "status 1"),
             (["--target", "x86-64-v3,x86-64-v2"], "one target at a time")]
    for options, message in cases:
        done = run(*tune_command(tmp / "r.json", *options), status=1)
        if message not in done.stderr:
            raise Failure(f"{options}: {done.stderr}")
    done = run(FASTERNETC, "compile", MODEL, "--weights", "seeded:7", "--records", tmp / "none.json", "-o", tmp / "out",
               status=1)
    if "none.json" not in done.stderr or (tmp / "out").exists():
        raise Failure(f"missing records file: {done.stderr}")


if __name__ == "__main__":
    FASTERNETC = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        try:
            sys.exit(globals()["test_" + sys.argv[2].replace("-", "_")](pathlib.Path(folder)) or 0)
        except Failure as failure:
            print(failure, file=sys.stderr)
            sys.exit(1)
