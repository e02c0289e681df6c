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
import sys
import tempfile

from commands import Failure, run

HERE = pathlib.Path(__file__).resolve().parent
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


def launches(model, *options):
    """Of `inspect --kernels`: for each kernel its launches, each a list of columns behind the function's name; and the
    launches of a run for each target."""
    done = run(FASTERNETC, "inspect", model, "--kernels", *options)
    if "was not found" in done.stderr:
        raise Skip(done.stderr.strip())
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


def test_machine_code(tmp):
    """Neither spills nor stack, inner loops of blocks that mostly multiply (the least, of small tiles, 77 %), few launches,
    on every architecture."""
    for model, most in (("fasternet-t0", 40), ("fasternet-t2", 60)):
        kernels, runs = launches(GOLDEN / model / "model.json", "--target", ALL)
        expect(sorted(runs), sorted(ALL.split(",")), f"{model}: targets")
        for kernel, rows in kernels.items():
            for columns in rows:
                grid, threads, registers, shared, stack, spills, *_ = columns
                expect((stack, spills), ("0", "0"), f"{model}, {kernel}: stack and spills")
                loop = inner_loop(columns)
                if kernel.startswith("block-") and loop and loop[1] < 0.77:
                    raise Failure(f"{model}, {kernel}: {loop[0]} are {loop[1]} of the inner loop, expected 0.77")
        for target, count in runs.items():
            print(f"{model} on {target}: {count} launches")
            if count > most:
                raise Failure(f"{model} on {target} takes {count} launches, at most {most} are allowed")


def test_tensor_cores(tmp):
    """Products in half precision and tf32 are multiplied by tensor cores."""
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


def test_wrong_uses(tmp):
    common = [TINY, "--weights", "seeded:7"]
    gpu = [*common, "--target", "cuda-sm80"]
    refused("--host: found 'cuda-sm80'", "compile", *gpu, "--host", "cuda-sm80", "-o", tmp / "out")
    refused("--host: found 'i386', expected one of", "compile", *gpu, "--host", "i386", "-o", tmp / "out")
    refused("'zen4' cannot run target 'cuda-sm80'", "compile", *gpu, "--tune-for", "zen4", "-o", tmp / "out")
    refused("--emulate opencl is for GPUs", "verify", *common, "--target", "x86-64-v2", "--emulate", "opencl")
    refused("different families", "verify", *common, "--target", "x86-64-v2,cuda-sm80")
    refused("bench", "bench", *gpu)
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
