#!/usr/bin/env python3
"""Libraries for NVIDIA GPUs, as far as they show without one: their numbers through OpenCL on the processor, their
machine code, and what a program says where there is no driver.

Usage: cuda_test.py FASTERNETC TEST [ARGUMENT ...]        exit 0 passed, 1 failed, 77 skipped
"""
import filecmp
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from commands import Failure, run

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
GOLDEN = HERE.parent / "data/golden"
TINY = GOLDEN / "tiny-gelu/model.json"
ALL = "cuda-sm75,cuda-sm80,cuda-sm86,cuda-sm89,cuda-sm90"


class Skip(Exception):
    pass


def compile_model(model, folder, *options, target="cuda-sm80", weights="seeded:7", env=None):
    return run(FASTERNETC, "compile", model, "--weights", weights, "--target", target, "-o", folder, "--quiet",
               *options, env=env)


def expect(found, wanted, what):
    if found != wanted:
        raise Failure(f"{what}: found {found!r}, expected {wanted!r}")


def refused(message, *arguments):
    """One line of error, and nothing on stdout."""
    done = run(FASTERNETC, *arguments, status=1)
    lines = [line for line in done.stderr.split("\n") if line]
    if done.stdout or len(lines) != 1 or not lines[0].startswith("error: ") or message not in lines[0]:
        raise Failure(f"{arguments}: expected one error with {message!r}, found\n{done.stdout}{done.stderr}")


def without(tool):
    return {**os.environ, f"FASTERNET_{tool.upper()}": "/nowhere"}


def test_golden(tmp, case, precision="f32"):
    """The published model's outputs, from the GPU's schedules on the processor."""
    try:
        print(run(FASTERNETC, "verify", GOLDEN / case, "--target", "cuda-sm80", "--precision", precision, "--emulate",
                  "opencl").stdout, end="")
    except Failure as failure:
        if "no OpenCL platform" in str(failure):
            raise Skip(str(failure).splitlines()[1])
        raise


def launches(model, *options, env=None):
    """Of `inspect --kernels`: for each kernel its launches, each a list of columns behind the function's name; and the
    launches of a run for each target."""
    done = run(FASTERNETC, "inspect", model, "--kernels", *options, env=env)
    kernels, runs = {}, {}
    for line in done.stdout.split("\n"):
        if re.match(r"\S+, cuda-sm\d+$", line):
            kernels[line] = []
        elif kernels and line.startswith("  "):
            kernels[list(kernels)[-1]].append(line.split()[1:])
        elif match := re.match(r"(\d+) launches per run on (\S+)$", line):
            runs[match[2]] = int(match[1])
    return kernels, runs


def inner_loop(columns):
    """("FFMA", 0.87) of a launch's line, or nothing where no loop multiplies."""
    text = " ".join(columns)
    match = re.search(r"([A-Z]+) +([\d.]+)%(\*?)", text)
    return (match[1], float(match[2]) / 100) if match and not match[3] else None


def has_assembler():
    return "was not found" not in run(FASTERNETC, "inspect", TINY, "--kernels", "--target", "cuda-sm80").stderr


def with_batch(case, batch, folder):
    """The description of a golden model for another batch."""
    path = folder / f"{case}-{batch}.json"
    path.write_text(json.dumps({**json.loads((GOLDEN / case / "model.json").read_text()), "batch_size": batch}))
    return path


def test_machine_code(tmp):
    """Neither spills nor stack, loops that mostly multiply in every launch of blocks, embeddings and mergings, few
    launches."""
    if not has_assembler():
        raise Skip("ptxas or nvdisasm was not found")
    for model, batch, targets, most in (("fasternet-t0", 1, ALL, 40), ("fasternet-t0", 32, ALL, 50),
                                        ("fasternet-t2", 1, ALL, 60), ("fasternet-t2", 32, "cuda-sm80,cuda-sm90", 60)):
        kernels, runs = launches(with_batch(model, batch, tmp), "--target", targets)
        expect(sorted(runs), sorted(targets.split(",")), f"{model}: targets")
        for kernel, rows in kernels.items():
            for columns in rows:
                grid, threads, registers, shared, stack, spills, *_ = columns
                expect((stack, spills), ("0", "0"), f"{model}, {kernel}: stack and spills")
                if kernel.startswith(("block-", "patch_conv-")):
                    loop = inner_loop(columns)
                    # One merging for Turing: ptxas moves a fifth of its registers around.
                    least = 0.79 if kernel.startswith("patch_conv-n32-28x28") and kernel.endswith("sm75") else 0.8
                    if not loop or loop[0] != "FFMA" or loop[1] < least:
                        raise Failure(f"{model}, {kernel}: {loop} in the inner loop, expected FFMA of {least} at least")
        for target, count in runs.items():
            print(f"{model}, batch {batch}, on {target}: {count} launches")
            if count > most:
                raise Failure(f"{model}, batch {batch}, on {target} takes {count} launches, at most {most} are allowed")


def test_tensor_cores(tmp):
    """Products in half precision and tf32 are multiplied by tensor cores."""
    if not has_assembler():
        raise Skip("ptxas or nvdisasm was not found")
    for precision, targets in (("f16", ALL), ("tf32", "cuda-sm80,cuda-sm86,cuda-sm89,cuda-sm90")):
        kernels, _ = launches(GOLDEN / "fasternet-t0/model.json", "--target", targets, "--precision", precision)
        products = {kernel: rows for kernel, rows in kernels.items()
                    if kernel.startswith("block-") or "-nhwc-" in kernel}
        expect(len(products), 7 * len(targets.split(",")), f"{precision}: products")
        for kernel, rows in products.items():
            for columns in rows:
                expect(columns[4:6], ["0", "0"], f"{precision}, {kernel}: stack and spills")
                expect("HMMA" in " ".join(columns), True, f"{precision}, {kernel}: HMMA in {columns}")


def test_no_driver(tmp):
    """A program links without the driver, and init says that it is missing. C11 and C++ take the header."""
    compile_model(TINY, tmp / "out")
    expect((tmp / "out/libtiny_gelu.a").exists(), False, "a library for the processor")
    for compiler, standard in (("cc", "-std=c11"), ("c++", "-xc++")):
        flags = [f"-I{tmp / 'out/cuda'}", "-Wall", "-Wextra", "-Werror", "-pedantic", standard]
        run(compiler, *flags, "-c", HERE / "programs/no_driver.c", "-o", tmp / "program.o")
        run(compiler, tmp / "program.o", tmp / "out/cuda/libtiny_gelu_cuda.a", tmp / "out/cuda/libfasternet_cuda.a",
            "-ldl", "-o", tmp / "program")
        done = run(tmp / "program", env={**os.environ, "LD_LIBRARY_PATH": str(tmp)})
        if "libcuda.so.1 cannot be loaded" not in done.stdout and "FNET_OK" not in done.stdout:
            raise Failure(f"init without a driver: {done.stdout}")


def test_both_families(tmp):
    """One command makes a library for the processor and one for the GPU, which do not know of each other."""
    compile_model(TINY, tmp / "out", target="cuda-sm90,x86-64-v2,cuda-sm80")
    expect((tmp / "out/libtiny_gelu.a").exists(), True, "library for the processor")
    manifest = json.loads((tmp / "out/cuda/tiny_gelu_cuda.json").read_text())
    expect(manifest["targets"], ["cuda-sm90", "cuda-sm80"], "targets")
    expect(manifest["name"], "tiny_gelu_cuda", "name")


def test_same_bytes(tmp):
    for folder in ("first", "second"):
        compile_model(TINY, tmp / folder, target="cuda-sm80,cuda-sm90")
    different = filecmp.dircmp(tmp / "first/cuda", tmp / "second/cuda").diff_files
    expect(different, [], "files that differ")


def test_without_ptxas(tmp):
    """PTX goes alone, and one warning says so."""
    done = compile_model(TINY, tmp / "out", env=without("ptxas"))
    warnings = [line for line in done.stderr.split("\n") if line]
    if len(warnings) != 1 or "ptxas was not found" not in warnings[0]:
        raise Failure(f"expected one warning, found\n{done.stderr}")
    symbols = run("nm", tmp / "out/cuda/libtiny_gelu_cuda.a").stdout
    expect(("_ptx" in symbols, "_cubin" in symbols), (True, False), "PTX and machine code")


def test_other_host(tmp):
    """The host's part is for the processor that --host names."""
    compile_model(TINY, tmp / "out", "--host", "aarch64")
    header = run("readelf", "-h", tmp / "out/cuda/libtiny_gelu_cuda.a").stdout
    expect(set(re.findall(r"Machine: +(.*)", header)), {"AArch64"}, "machine of the members")


def link_with_fake(program, fake, library):
    """The program that checks all that reaches the fake driver."""
    driver = pathlib.Path(fake)
    run("c++", "-std=c++20", "-Wall", "-Wextra", "-Werror", f"-I{HERE.parent / 'runtime/loader'}", f"-I{library}",
        HERE / "programs/on_fake_driver.cpp", library / "libmodel_cuda.a", library / "libfasternet_cuda.a", driver,
        f"-Wl,-rpath,{driver.parent}", "-ldl", "-o", program)


def drive(program, capability, kind):
    """On a device of that capability: the target that ran, its launches, and its functions beyond 48 KiB of shared
    memory."""
    text = run(program, capability, kind).stdout
    found = set(re.findall(r"^(\S+), (?:plain|graph): (\d+) launches$", text, re.M))
    shared = {int(count) for count in re.findall(r"^beyond 48 KiB: (\d+)$", text, re.M)}
    print(f"{kind} on {capability}: {found}, beyond 48 KiB: {shared}")
    expect((len(found), len(shared)), (1, 1), f"the same with and without a graph:\n{text}")
    (target, count), = found
    return target, int(count), *shared


def compare_launches(model, tmp, fake, cases, *options, env=None):
    """Cases: capability of the device, target whose variant it takes, what modules are loaded from. Returns how many
    functions have more than 48 KiB of shared memory, at most."""
    targets = "cuda-sm80,cuda-sm90"
    compile_model(model, tmp / "out", "--name", "model", *options, target=targets, env=env)
    link_with_fake(tmp / "program", fake, tmp / "out/cuda")
    kernels, runs = launches(model, "--target", targets, *options, env=env)
    most = 0
    for capability, target, kind in cases:
        beyond = sum(int(row[3]) > 48 * 1024 for kernel, rows in kernels.items() for row in rows
                     if kernel.endswith(f", {target}"))
        expected = (target, runs[target], beyond)
        expect(drive(tmp / "program", capability, kind), expected,
               f"target, launches and functions beyond 48 KiB on capability {capability}")
        most = max(most, beyond)
    return most


def test_ptx_on_fake_driver(tmp, fake, case):
    """What `inspect` tells is launched, with the parameters of the PTX."""
    cases = [(80, "cuda-sm80", "PTX"), (90, "cuda-sm90", "PTX"), (103, "cuda-sm90", "PTX")]
    beyond = compare_launches(GOLDEN / case / "model.json", tmp, fake, cases, env=without("ptxas"))
    # The widest of the small models is here for that.
    if case == "fasternet-t2" and beyond == 0:
        raise Failure("no function asks for more than 48 KiB of shared memory: another model must show that")


def test_machine_code_on_fake_driver(tmp, fake, precision):
    """The same with machine code, which newer devices cannot take: for those there is PTX."""
    if not has_assembler():
        raise Skip("ptxas was not found")
    cases = [(80, "cuda-sm80", "CUBIN 80"), (86, "cuda-sm80", "CUBIN 80"), (90, "cuda-sm90", "CUBIN 90"),
             (100, "cuda-sm90", "PTX")]
    compare_launches(TINY, tmp, fake, cases, "--precision", precision)


def expect_stream(report, frames, graph):
    """Of the fake's report: everything given back, two frames in flight, and one graph launch a frame, if any."""
    lines = [line.split(" ", 1) for line in report.read_text().splitlines()]
    expect([text for kind, text in lines if kind in ("misuse", "living")], [], "misuses and what was not given back")
    calls = [text for kind, text in lines if kind == "call"]
    work = calls[calls.index("cuMemcpyHtoD"):]  # the video is there: frames follow
    copies = [i for i, call in enumerate(work) if call == "cuMemcpyDtoHAsync"]
    expect(len(copies), frames, "scores copied back")
    expect("cuStreamSynchronize" in work[:copies[1]], False, "waits before two frames are under way")
    expect(work.count("cuGraphLaunch"), frames if graph else 0, "graph launches")
    expect(work.count("cuStreamBeginCapture"), 2 if graph else 0, "graphs captured, one for each lane")
    expect(work.count("cuMemcpyDtoDAsync"), frames if graph else 0, "copies to the graph's address")


def play(program, fake, report, graph):
    """The example on a device of the fake's."""
    frames = 7
    done = run(program, *["--graph"] * graph, frames, env={
        **os.environ, "LD_LIBRARY_PATH": str(pathlib.Path(fake).parent), "FASTERNET_FAKE_DRIVER_CAPABILITY": "86",
        "FASTERNET_FAKE_DRIVER_REPORT": str(report)})
    *lines, last = done.stdout.strip().split("\n")
    # What the device holds where nothing is computed. Host memory that no copy reached has other bytes.
    expect(lines, [f"frame {i}: class 0, -0.0000" for i in range(frames)], "lines of frames")
    expect_stream(report, frames, graph)
    form, time = last.split(": ")
    expect(bool(re.match(rf"{frames - 2} frames after the first 2 in [0-9.]+ ms$", time)), True, last)
    return form


def test_cuda_stream_example(tmp, cmake, ninja, fake):
    """Built by its script, then without the CUDA toolkit; what it prints has the form that its README shows."""
    example = ROOT / "examples/cuda-stream"
    readme, env = (example / "README.md").read_text(), {**without("ptxas"), "CFLAGS": "-Wall -Wextra -Werror"}
    generator = ("-G", "Ninja", f"-DCMAKE_MAKE_PROGRAM={ninja}")
    run(example / "build.sh", "cuda-sm80", tmp / "out",
        env={**env, "FASTERNETC": str(FASTERNETC), "CMAKE": cmake, "CMAKE_OPTIONS": " ".join(generator)})
    run(cmake, "-S", example, "-B", tmp / "without", f"-DMODELS={tmp / 'out'}", *generator,
        "-DCMAKE_DISABLE_FIND_PACKAGE_CUDAToolkit=ON", env=env)
    run(cmake, "--build", tmp / "without", env=env)
    expect("without-toolkit" in (tmp / "without/build.ninja").read_text(), True, "declarations of the example")
    (tmp / "broken").mkdir()
    (tmp / "broken/libcuda.so.1").write_text("not a library\n")
    for program in (tmp / "out/program/stream", tmp / "without/stream"):
        done = run(program, status=1, env={**os.environ, "LD_LIBRARY_PATH": str(tmp / "broken")})
        message, found, reason = done.stderr.partition("libcuda.so.1 cannot be loaded: ")
        expect((done.stdout, found != "", message + found in readme), ("", True, True),
               f"output, and the README's words without a driver:\n{done.stderr}")
        run(program, 2, status=2)
        for graph in (False, True):
            form = play(program, fake, tmp / "report", graph)
            expect(form in readme, True, f"README shows '{form}'")


def tune(records, budget):
    """Also where there is a GPU."""
    run(FASTERNETC, "tune", TINY, "--target", "cuda-sm80", "--records", records, "--budget", budget,
        "--no-shipped-records", "--predict")


def records_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_tune(tmp):
    """Records are predicted, compile uses them, what they make is right, and a further run tries nothing again."""
    records = tmp / "r.json"
    try:
        tune(records, "20s")
    except Failure as failure:
        if "was not found" in str(failure) or "no OpenCL platform" in str(failure):
            raise Skip(str(failure))
        raise
    found = records_of(records)
    expect({(r["cpu"], r["isa"], r["obtained"]) for r in found}, {("a100", "sm80", "predicted")}, "records")
    best = {r["kernel"]: r["parameters"] for r in found if r["outcome"] == "best"}
    if any("ms" in r or not 0 < r["share_of_peak"] < 1 for r in found if r["outcome"] in ("best", "slower")):
        raise Failure("a time, or a share of the peak that cannot be")

    compile_model(TINY, tmp / "out", "--no-shipped-records", "--records", records)
    manifest = json.loads((tmp / "out/cuda/tiny_gelu_cuda.json").read_text())
    used = {kernel["spec"]: variant["schedule"] for kernel in manifest["kernels"] for variant in kernel["variants"]}
    expect(set(best), set(used), "kernels with a best record")
    for kernel, schedule in used.items():
        if not schedule.startswith(best[kernel]) or "r.json, predicted for a100" not in schedule:
            raise Failure(f"{kernel}: compiled with {schedule}, expected {best[kernel]}")
    print(run(FASTERNETC, "verify", TINY.parent, "--target", "cuda-sm80", "--emulate", "opencl", "--no-shipped-records",
              "--records", records).stdout, end="")

    tune(records, "10s")
    tried = [(r["kernel"], r["parameters"]) for r in records_of(records) if r["outcome"] != "best"]
    expect(len(tried), len(set(tried)), "different ones of the candidates tried")


def test_predict(tmp):
    """A line for each kernel with cycles, share of the peak, registers, products, warps and spills."""
    done = subprocess.run([FASTERNETC, "inspect", TINY, "--predict", "--target", "cuda-sm80,cuda-sm90"],
                          capture_output=True, text=True)
    if "was not found" in done.stderr:
        raise Skip(done.stderr.strip())
    rows = [line.split() for line in done.stdout.split("\n") if re.search(r"-f32-w32 ", line)]
    if done.returncode != 0 or len(rows) < 4 or len(rows) % 2:
        raise Failure(f"exit {done.returncode}: {done.stdout}{done.stderr}")
    for spec, calls, count, cycles, peak, registers, products, warps, spills in rows:
        ok = float(cycles) > 2000 * int(count) and 0 <= float(peak[:-1]) < 100 and 16 <= int(registers) <= 255
        ok = ok and 0 <= float(products[:-1]) < 100 and 0 < float(warps[:-1]) <= 100
        expect((ok, spills), (True, "0"), f"{spec}: {cycles} {peak} {registers} {products} {warps}")


def test_tune_wrong_uses(tmp):
    """One line of error, and no file."""
    gpu = ["tune", TINY, "--target", "cuda-sm80", "--records", tmp / "r.json", "--budget", "5s"]
    refused("--runner: found 'ssh board' with --predict and target 'cuda-sm80'", *gpu, "--predict", "--runner",
            "ssh board")
    refused("tensor cores", *gpu, "--precision", "f16")
    refused("one target at a time", *gpu[:2], "--target", "cuda-sm80,cuda-sm90")
    refused("'zen4' cannot run target 'cuda-sm80'", *gpu, "--tune-for", "zen4")
    refused("tensor cores", "inspect", TINY, "--predict", "--target", "cuda-sm80", "--precision", "tf32")
    for tool in ("ptxas", "nvdisasm"):
        done = run(FASTERNETC, *gpu, "--predict", env=without(tool), status=1)
        if not re.fullmatch(rf"error: cannot rank schedules for 'cuda-sm80': {tool} was not found .*\n", done.stderr):
            raise Failure(done.stderr)
    expect((tmp / "r.json").exists(), False, "records file exists")


def test_wrong_uses(tmp):
    common = [TINY, "--weights", "seeded:7"]
    gpu = [*common, "--target", "cuda-sm80"]
    refused("--host: found 'cuda-sm80'", "compile", *gpu, "--host", "cuda-sm80", "-o", tmp / "out")
    refused("--host: found 'i386', expected one of", "compile", *gpu, "--host", "i386", "-o", tmp / "out")
    refused("--host is for the libraries of GPUs", "compile", *common, "--target", "x86-64-v2", "--host", "aarch64", "-o",
            tmp / "out")
    refused("'zen4' cannot run target 'cuda-sm80'", "compile", *gpu, "--tune-for", "zen4", "-o", tmp / "out")
    refused("--emulate opencl is for GPUs", "verify", *common, "--target", "x86-64-v2", "--emulate", "opencl")
    refused("different families", "verify", *common, "--target", "x86-64-v2,cuda-sm80")
    refused("--precision tf32", "compile", *common, "--target", "cuda-sm75", "--precision", "tf32", "-o", tmp / "out")
    refused("--precision tf32", "compile", *common, "--target", "x86-64-v3", "--precision", "tf32", "-o", tmp / "out")
    expect((tmp / "out").exists(), False, "output folder exists")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    FASTERNETC, name = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    with tempfile.TemporaryDirectory() as folder:
        try:
            globals()["test_" + name.replace("-", "_")](pathlib.Path(folder), *sys.argv[3:])
        except Skip as why:
            print(f"skipped: {why}")
            sys.exit(77)
        except Failure as failure:
            sys.exit(str(failure))
