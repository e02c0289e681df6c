"""The process of one peer: loads one engine with one model, then does what its standard input says, line by line.

Replies are one JSON object a line. The first, unasked, comes with the first result. An engine is a module of this
folder with

  prepare(onnx_file, output)         makes the engine's own file; only where the engine has one
  load(file, x, threads, option)     (run, precision): run() takes x (NCHW float32) and returns the output as an array

Usage: worker.py ENGINE prepare model.onnx OUTPUT
       worker.py ENGINE serve FILE INPUT.f32 SHAPE THREADS [OPTION]
"""
import importlib
import json
import os
import re
import sys
import time

import numpy as np

# Engines report on standard output as they like; it becomes standard error for all but the replies.
replies = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def reply(**values):
    print(json.dumps(values), file=replies, flush=True)


def peak_kib():
    # Not getrusage: its peak also covers the parent's memory between fork and exec.
    with open("/proc/self/status") as status:
        return int(re.search(r"VmHWM:\s+(\d+)", status.read())[1])


def mapped_libraries():
    with open("/proc/self/maps") as maps:
        paths = {line.split(None, 5)[5].strip() for line in maps if len(line.split(None, 5)) == 6}
    home = os.path.realpath(sys.prefix)
    return {path for path in paths if path.startswith(home) and ".so" in os.path.basename(path)}


def engine_libraries(before):
    """What a C or C++ host would ship: not numpy, nor a Python binding that is a file beside the engine."""
    found = mapped_libraries() - before
    return sorted(path for path in found if "/numpy" not in path and not os.path.basename(path).startswith("_py"))


def timed_round(run, seconds):
    run()  # the caches held another engine's data until now
    times, begin = [], time.perf_counter()
    while not times or time.perf_counter() - begin < seconds:
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1e3)
    return times


def serve(engine, file, input_file, shape, threads, option=None):
    x = np.fromfile(input_file, np.float32).reshape([int(size) for size in shape.split("x")])
    libraries, kib = mapped_libraries(), peak_kib()
    baseline = time.monotonic_ns()
    run, precision = importlib.import_module(f"peers.{engine}").load(file, x, int(threads), option)
    output = np.array(run(), np.float32)
    reply(baseline_ns=baseline, first_ns=time.monotonic_ns(), precision=precision)
    for line in sys.stdin:
        command, *arguments = line.split()
        if command == "output":
            output.tofile(arguments[0])
            reply(values=output.size)
        elif command == "round":
            reply(times_ms=timed_round(run, float(arguments[0])))
        elif command == "shipped":
            reply(libraries=engine_libraries(libraries), peak_kib=peak_kib(), baseline_kib=kib)


if __name__ == "__main__":
    if sys.argv[2] == "prepare":
        importlib.import_module(f"peers.{sys.argv[1]}").prepare(*sys.argv[3:])
    else:
        serve(sys.argv[1], *sys.argv[3:])
