#!/usr/bin/env python3
"""verify, bench and tune for NVIDIA GPUs as on a machine that has one: their programs run on the fake driver, whose
compiled kernels leave what a test has prepared.

Usage: gpu_test.py FASTERNETC FAKE_DRIVER TEST [ARGUMENT ...]        exit 0 passed, 1 failed
"""
import json
import os
import pathlib
import re
import struct
import sys
import tempfile

from commands import Failure, run

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "data/golden"
TINY = GOLDEN / "tiny-gelu"


def expect(found, wanted, what):
    if found != wanted:
        raise Failure(f"{what}: found {found!r}, expected {wanted!r}")


def machine(tmp, capability=80, **variables):
    """The environment of a machine with one device."""
    return {**os.environ, "LD_LIBRARY_PATH": str(FAKE.parent), "FASTERNET_FAKE_DRIVER_CAPABILITY": str(capability),
            "FASTERNET_FAKE_DRIVER_REPORT": str(tmp / "report"), "FASTERNET_FAKE_DRIVER_ANSWERS": str(tmp),
            "FASTERNET_FAKE_DRIVER_MISUSES": str(tmp / "misuses"),
            **{f"FASTERNET_FAKE_DRIVER_{name.upper()}": value for name, value in variables.items()}}


def no_machine(tmp):
    (tmp / "libcuda.so.1").write_text("not a library\n")
    return {**os.environ, "LD_LIBRARY_PATH": str(tmp)}


def golden_output(case):
    """The bytes of `output` in the case's io.safetensors."""
    data = (case / "io.safetensors").read_bytes()
    length, = struct.unpack_from("<Q", data)
    begin, end = json.loads(data[8:8 + length])["output"]["data_offsets"]
    return data[8 + length + begin:8 + length + end]


def prepare_answer(tmp, values):
    (tmp / str(len(values))).write_bytes(values)


def expect_clean(tmp):
    """Of the fake's report: nothing is left over, and no call was one of undefined behaviour."""
    lines = [line.split(" ", 1) for line in (tmp / "report").read_text().splitlines()]
    expect([text for kind, text in lines if kind in ("misuse", "living")], [], "misuses and what was not given back")
    return [text for kind, text in lines if kind == "call"]


def refused(message, *arguments, env=None):
    """The last line of stderr is an error with these words."""
    done = run(FASTERNETC, *arguments, status=1, env=env)
    if message not in done.stderr or "\nerror: " not in "\n" + done.stderr:
        raise Failure(f"{arguments}: expected an error with {message!r}, found\n{done.stdout}{done.stderr}")
    return done


VERIFY = ("verify", TINY, "--target", "cuda-sm80")


def test_verify(tmp):
    """The right output passes, on all ways to run a model; each way is seen to reach the driver."""
    prepare_answer(tmp, golden_output(TINY))
    done = run(FASTERNETC, *VERIFY, env=machine(tmp))
    expect(done.stdout, "output max_relative_error=0.000e+00\n", "errors")
    if "same bits: run, run as a graph, run_device, run_device as a graph" not in done.stderr:
        raise Failure(done.stderr)
    calls = expect_clean(tmp)
    expect(calls.count("cuGraphLaunch"), 4, "graphs launched")
    expect(calls.count("cuMemcpyDtoHAsync"), 7, "outputs looked at")


def test_verify_through_a_runner(tmp):
    """The machine with the GPU is behind a runner; here there is none."""
    prepare_answer(tmp, golden_output(TINY))
    variables = " ".join(f"{k}={v}" for k, v in machine(tmp).items() if k.startswith(("LD_", "FASTERNET_FAKE")))
    run(FASTERNETC, *VERIFY, "--runner", f"env {variables}", env=no_machine(tmp))


def test_verify_finds_a_wrong_output(tmp):
    values = bytearray(golden_output(TINY))
    values[2] ^= 0x40  # of the mantissa: a quarter of the first value
    prepare_answer(tmp, values)
    done = refused("the largest error is", *VERIFY, env=machine(tmp))
    error = float(re.match(r"output max_relative_error=(\S+)\n", done.stdout)[1])
    expect(error > 1e-5, True, f"the error {error}")


def test_verify_finds_ways_that_differ(tmp):
    """Without prepared outputs run leaves what was in its memory, and run_device what was in the caller's."""
    done = refused("output differs between run and run_device", *VERIFY, env=machine(tmp))
    expect("same bits" in done.stderr, False, "ways that are the same")


def test_failures(tmp):
    """The driver's own words for what it refuses."""
    env = machine(tmp, fail="cuLaunchKernel 2 700")
    refused("run: cuLaunchKernel (launch 2): CUDA_ERROR_ILLEGAL_ADDRESS", *VERIFY, env=env)
    refused("cuMemAlloc: CUDA_ERROR_OUT_OF_MEMORY", *VERIFY, env=machine(tmp, fail="cuMemAlloc 0 2"))


BENCH = ("bench", TINY / "model.json", "--weights", "seeded:7", "--target", "cuda-sm80", "--seconds", "0.1")


def test_bench(tmp):
    """The object of a CPU's bench, with what a GPU adds; its times are the fake's, and not judged."""
    done = run(FASTERNETC, *BENCH, "--json", "--html", tmp / "page.html", env=machine(tmp))
    report = json.loads(done.stdout)
    expect(list(report), ["model", "target", "threads", "batch", "median_ms", "p10_ms", "p90_ms", "first_ms", "gflops",
                          "peak_gflops", "share_of_peak", "cpu", "bandwidth_gbps", "roofline_ms", "share_of_roofline",
                          "peak_memory_bytes", "kernels", "device"], "keys")
    expect((report["target"], report["cpu"]), ("cuda-sm80", "Fake GPU (compute capability 8.0)"), "what was measured")
    expect(sum(kernel["count"] for kernel in report["kernels"]), 10, "kernel calls")
    expect(report["device"]["peak_of"], "FMA", "peak")
    for key in ("graph_ms", "run_device_ms", "run_device_graph_ms", "bytes"):
        expect(report["device"][key] > 0, True, key)
    # A launch of the fake takes 2 us and more; the head has one for each of its products, blocks at 2x2 as well.
    for kernel in report["kernels"]:
        expect(0.002 <= kernel["median_ms"] < 0.01, True, f"{kernel['name']}: {kernel['median_ms']} ms")
    images = [line for line in (tmp / "report").read_text().splitlines() if line.startswith("image ")]
    expect(images.count("image PTX 75"), 2, "kernels of the peaks")
    calls = expect_clean(tmp)
    expect(calls.count("cuGraphLaunch") > 10, True, "graphs launched")
    expect((tmp / "page.html").read_text().count("run_device"), 1, "lines of the page")


def test_bench_tensor_cores(tmp):
    """The peak is that of the tensor cores' type; the oldest ones have an instruction of their own."""
    for capability, precision in ((80, "f16"), (80, "tf32"), (75, "f16")):
        done = run(FASTERNETC, *BENCH[:4], "--target", f"cuda-sm{capability}", "--precision", precision, "--seconds", "0.1",
                   env=machine(tmp, capability))
        if f"GFLOP/s {precision} mma.sync peak" not in done.stdout:
            raise Failure(done.stdout)
        expect(f"image PTX {capability}" in (tmp / "report").read_text(), True, "the peak's PTX")
        expect_clean(tmp)


def test_bench_with_little_memory(tmp):
    """Where the buffer for reading cannot be had, half of it is tried."""
    run(FASTERNETC, *BENCH, env=machine(tmp))
    calls = expect_clean(tmp)
    tried = next(i for i in range(len(calls)) if calls[i:i + 2] == ["cuMemAlloc", "cuMemFree"])
    before = calls[:tried].count("cuMemAlloc")
    run(FASTERNETC, *BENCH, env=machine(tmp, fail=f"cuMemAlloc {before} 2"))
    again = expect_clean(tmp)
    at = [i for i, call in enumerate(again) if call == "cuMemAlloc"][before]
    expect(again[at:at + 3], ["cuMemAlloc", "cuMemAlloc", "cuMemFree"], "calls")


def test_bench_failure(tmp):
    refused("the driver: cuStreamBeginCapture: CUDA_ERROR_OUT_OF_MEMORY", *BENCH, env=machine(tmp, fail="cuStreamBeginCapture 1 2"))


def test_no_gpu(tmp):
    """One error that says what is missing and, for verify, what can be done without."""
    for command, elsewhere in ((VERIFY, "; --emulate opencl runs the kernels on this machine's processor\n"),
                               (BENCH, "; inspect --kernels and inspect --predict say what can be said without a "
                                       "GPU\n")):
        done = refused("libcuda.so.1 cannot be loaded", *command, env=no_machine(tmp))
        expect((done.stdout, done.stderr.count("\n"), done.stderr.endswith(elsewhere)), ("", 1, True), done.stderr)
        refused("Fake GPU has compute capability 7.5", *command, env=machine(tmp, 75))
        refused("--threads: found 2 with target 'cuda-sm80'", *command, "--threads", "2", env=machine(tmp))
        refused("no-such-cc", *command, "--cc", "no-such-cc", env=machine(tmp))


def prepare_kernels(tmp, answers, model):
    """What each kernel of the model has to leave. Returns their names."""
    listing = run(FASTERNETC, "inspect", model, "--kernels", "--target", "cuda-sm80").stdout
    kernels = re.findall(r"^(\S+), cuda-sm80$", listing, re.M)
    run(answers, tmp, *kernels)
    return kernels


def tune(tmp, *options, env, status=0):
    return run(FASTERNETC, "tune", TINY / "model.json", "--target", "cuda-sm80", "--records", tmp / "r.json",
               "--no-shipped-records", "--budget", "1s", *options, env=env, status=status)


def records_of(tmp):
    return [json.loads(line) for line in (tmp / "r.json").read_text().splitlines()]


def test_tune(tmp, answers):
    """Candidates are measured where there is a device, and compile takes the best."""
    kernels = prepare_kernels(tmp, answers, TINY / "model.json")
    done = tune(tmp, env=machine(tmp))
    expect("measuring on Fake GPU\n" in done.stderr, True, done.stderr)
    expect((tmp / "misuses").exists(), False, "misuses by any process")
    found = [r for r in records_of(tmp) if r.get("obtained") != "predicted"]
    expect({(r["cpu"], r["isa"], r.get("obtained", "measured")) for r in found}, {("a100", "sm80", "measured")}, "records")
    expect({r["outcome"] for r in found} <= {"best", "slower"}, True, "outcomes")
    best = {r["kernel"]: r["parameters"] for r in found if r["outcome"] == "best"}
    expect(set(best), set(kernels), "kernels with a best record")
    if any(r["ms"] < 0.002 or r["peak_gflops"] <= 0 for r in found):
        raise Failure("a time below that of the fake's launches")
    run(FASTERNETC, "compile", TINY / "model.json", "--weights", "seeded:7", "--target", "cuda-sm80", "-o", tmp / "out",
        "--quiet", "--no-shipped-records", "--records", tmp / "r.json")
    manifest = json.loads((tmp / "out/cuda/tiny_gelu_cuda.json").read_text())
    for kernel in manifest["kernels"]:
        schedule = kernel["variants"][0]["schedule"]
        expect(schedule.startswith(best[kernel["spec"]]) and "r.json, measured for a100" in schedule, True, schedule)


def test_tune_refuses_a_wrong_kernel(tmp, answers):
    """A default schedule that computes something else is no point to start from."""
    kernels = prepare_kernels(tmp, answers, TINY / "model.json")
    wrong = next(kernel for kernel in kernels if kernel.startswith("head-"))
    scores, = tmp.glob("40-after-*")  # ten floats
    scores.write_bytes(bytes(40))
    # Without ptxas candidates are PTX, and nothing is predicted.
    done = tune(tmp, env={**machine(tmp), "FASTERNET_PTXAS": "/nowhere"}, status=1)
    expect(f"kernel {wrong}: the default schedule cannot be measured" in done.stderr, True, done.stderr)
    expect({r["outcome"] for r in records_of(tmp) if r["kernel"] == wrong}, {"wrong"}, "outcomes of the head")


def test_tune_predicts_without_a_device(tmp):
    """And says why; a runner must reach a device of the target's capability."""
    other = machine(tmp, 86)
    words = "Fake GPU has compute capability 8.6, records for 'cuda-sm80' come from one of 8.0"
    done = tune(tmp, "--runner", "nice -n 1", env=other, status=1)
    expect(done.stderr, f"error: cannot measure 'cuda-sm80' through --runner 'nice -n 1': {words}\n", "a runner's error")
    expect((tmp / "r.json").exists(), False, "records file exists")
    no_tools = {"FASTERNET_PTXAS": "/nowhere"}
    for env, why in ((other, words), (no_machine(tmp), "libcuda.so.1 cannot be loaded")):
        done = tune(tmp, env={**env, **no_tools}, status=1)
        expect("error: cannot rank schedules for 'cuda-sm80': ptxas was not found" in done.stderr, True, done.stderr)
        expect("predicting, nothing is measured: " in done.stderr and why in done.stderr, True, done.stderr)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    FASTERNETC, FAKE = (pathlib.Path(path).resolve() for path in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as folder:
        try:
            globals()["test_" + sys.argv[3].replace("-", "_")](pathlib.Path(folder), *sys.argv[4:])
        except Failure as failure:
            sys.exit(str(failure))
