#!/usr/bin/env python3
"""The emitted library as its users meet it: compiled by fasternetc, linked by cc, run.

Usage: library_test.py FASTERNETC TEST        exit 0 passed, 1 failed, 77 skipped
"""
import filecmp
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from commands import Failure, run

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
GOLDEN = ROOT / "tests/data/golden"
PROGRAMS = HERE / "programs"


def compile_model(name, folder, targets="host"):
    run(FASTERNETC, "compile", GOLDEN / name / "model.json", "--weights", weights_of(name), "--target", targets,
        "-o", folder, "--quiet")


def weights_of(name):
    files = list((GOLDEN / name).glob("weights.*"))
    return files[0] if files else "seeded:7"


def link(program, output, *folders, flags=(), compiler="cc"):
    includes = [f"-I{folder}" for folder in folders]
    libraries = [lib for folder in folders for lib in folder.glob("lib*.a") if lib.name != "libfasternet_runtime.a"]
    run(compiler, "-O1", *flags, *includes, program, *libraries, folders[0] / "libfasternet_runtime.a", "-lm",
        "-lpthread", "-o", output)


def expect(found, wanted, what):
    if found != wanted:
        raise Failure(f"{what}: found {found!r}, expected {wanted!r}")


def test_readme_program(tmp):
    """The program of the README is short, and links with the command that stands there and nothing else."""
    text = (ROOT / "README.md").read_text()
    program = re.search(r"```c\n(/\* app\.c.*?)```", text, re.S)
    command = re.search(r"^\$? ?(cc .*app\.c.*)$", text, re.M)
    if not program or not command:
        raise Failure("README.md shows no app.c and no cc command")
    if program[1].count("\n") >= 40:
        raise Failure("the README's program has 40 lines or more")
    folder = tmp / "out"
    run(FASTERNETC, "compile", ROOT / "examples/imagenet/model.json", "--weights", "seeded:7", "-o", folder, "--quiet")
    (folder / "app.c").write_text(program[1])
    allowed = {"cc", "app.c", "libfasternet_t0.a", "libfasternet_runtime.a", "-lm", "-lpthread", "-o", "app", "-I.", "-O2"}
    words = command[1].split()
    if not set(words) <= allowed:
        raise Failure(f"the README's command uses {set(words) - allowed}")
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    expect(done.returncode, 0, f"cc: {done.stderr}")
    expect("class" in run(folder / "app").stdout, True, "the program's output names a class")


def test_shared_object_symbols(tmp):
    """Linked into a shared object, the library shows its documented names only."""
    folder = tmp / "out"
    compile_model("tiny-gelu", folder)
    shared = tmp / "host.so"
    run("cc", "-shared", "-o", shared, "-Wl,--whole-archive", folder / "libtiny_gelu.a",
        folder / "libfasternet_runtime.a", "-Wl,--no-whole-archive", "-lm", "-lpthread")
    lines = run("nm", "-D", "--defined-only", shared).stdout.split("\n")
    found = sorted(line.split()[-1] for line in lines if line)
    expect(found, sorted([
        "fnet_instance_variant", "fnet_pool_bytes", "fnet_pool_done", "fnet_pool_init", "fnet_pool_parallel",
        "fnet_status_text", "tiny_gelu_done", "tiny_gelu_init", "tiny_gelu_model", "tiny_gelu_run"]), "public names")
    everything = run("nm", "-D", shared).stdout
    expect(re.findall(r"\S*halide\S*", everything), [], "names of Halide")


def test_no_allocation(tmp):
    folder = tmp / "out"
    compile_model("tiny-gelu", folder)
    link(PROGRAMS / "no_allocation.c", tmp / "program", folder)
    for threads in (1, 4):
        expect(run(tmp / "program", threads).stdout, "0\n", f"allocations of 20 runs with {threads} threads")


def test_same_bits_for_any_threads(tmp):
    folder = tmp / "out"
    compile_model("tiny-gelu", folder)
    link(PROGRAMS / "threads.c", tmp / "program", folder)
    expect(run(tmp / "program").stdout, "same\n", "outputs")


def test_exceptions(tmp):
    folder = tmp / "out"
    compile_model("tiny-gelu", folder)
    link(PROGRAMS / "exceptions.cpp", tmp / "program", folder, compiler="c++")
    expect(run(tmp / "program").stdout, "survived\n", "the instance")


def test_two_models(tmp):
    compile_model("tiny-gelu", tmp / "gelu")
    compile_model("tiny-relu", tmp / "relu")
    link(PROGRAMS / "two_models.c", tmp / "program", tmp / "gelu", tmp / "relu")
    expect(run(tmp / "program").stdout, "independent\n", "outputs")


def test_choice_by_cpu(tmp):
    """Three levels in one library: an emulated CPU that has no more than a level runs that level, and right."""
    if not shutil.which("qemu-x86_64"):
        print("skipped: qemu-x86_64 is not installed")
        sys.exit(77)
    folder = tmp / "out"
    compile_model("tiny-gelu", folder, "x86-64-v2,x86-64-v3,x86-64-v4")
    link(PROGRAMS / "variant.c", tmp / "program", folder, flags=("-static",))
    outputs = []
    for cpu, level in (("Nehalem", "x86-64-v2"), ("Haswell", "x86-64-v3")):
        lines = run("qemu-x86_64", "-cpu", cpu, tmp / "program").stdout.split("\n")
        expect(lines[1], level, f"variant on {cpu}")
        outputs.append([float(v) for v in lines[2:] if v])
    largest = max(abs(v) for v in outputs[0])
    error = max(abs(a - b) for a, b in zip(*outputs)) / largest
    expect(error < 1e-5, True, f"levels agree (error {error})")
    compile_model("tiny-gelu", tmp / "v3", "x86-64-v3")
    link(PROGRAMS / "variant.c", tmp / "refused", tmp / "v3", flags=("-static",))
    done = run("qemu-x86_64", "-cpu", "Nehalem", tmp / "refused", status=1)
    expect("CPU" in done.stdout, True, f"refusal names the CPU: {done.stdout}")


def test_same_bytes(tmp):
    for folder in ("a", "b"):
        compile_model("features", tmp / folder, "x86-64-v2,x86-64-v3")
    different = [str(p.relative_to(tmp / "a")) for p in (tmp / "a").rglob("*") if p.is_file()
                 and not filecmp.cmp(p, tmp / "b" / p.relative_to(tmp / "a"), shallow=False)]
    expect(different, [], "files that differ between two compiles")
    if not list((tmp / "a").rglob("*.a")):
        raise Failure("nothing was compared")


def test_failed_compile_leaves_nothing(tmp):
    """Neither wrong weights nor an output that cannot be written leave anything behind."""
    folder = tmp / "out"
    model = GOLDEN / "tiny-gelu/model.json"
    done = run(FASTERNETC, "compile", model, "--weights", model, "-o", folder, status=1)
    expect(done.stderr.startswith("error: "), True, f"message {done.stderr!r}")
    expect(folder.exists(), False, "output folder exists")
    (tmp / "file").write_text("in the way")
    run(FASTERNETC, "compile", model, "--weights", "seeded:7", "-o", tmp / "file", "--quiet", status=1)
    expect((tmp / "file").read_text(), "in the way", "the file in the way")
    run(FASTERNETC, "compile", model, "--weights", "seeded:7", "--target", "x86-64-v9", status=1)
    run(FASTERNETC, "compile", model, "--weights", "seeded:7", "--precision", "f99", status=2)


def test_interpreter_agrees(tmp):
    """Without golden outputs `verify` compares with the reference interpreter, and it can fail."""
    model = GOLDEN / "n-div-3-odd-split/model.json"
    done = run(FASTERNETC, "verify", model, "--weights", "seeded:11")
    if not re.fullmatch(r"output max_relative_error=\d\.\d+e-\d+\n", done.stdout):
        raise Failure(f"unexpected output {done.stdout!r}")
    run(FASTERNETC, "verify", model, "--weights", "seeded:11", "--bound", "1e-12", status=1)
    run(FASTERNETC, "verify", model, "--weights", "seeded:11", "--io", GOLDEN / "n-div-3-odd-split/io.safetensors",
        status=1)


def test_bench_json(tmp):
    """The object that `bench --json` prints is complete and agrees with itself; its times are not judged."""
    model = GOLDEN / "tiny-gelu/model.json"
    done = run(FASTERNETC, "bench", model, "--weights", "seeded:7", "--seconds", "0.2", "--threads", "2", "--json")
    report = json.loads(done.stdout)
    expect(list(report), ["model", "target", "threads", "batch", "median_ms", "p10_ms", "p90_ms", "first_ms", "gflops",
                          "peak_gflops", "share_of_peak", "cpu", "bandwidth_gbps", "roofline_ms", "share_of_roofline",
                          "peak_memory_bytes", "kernels"], "keys")
    expect((report["model"], report["threads"], report["batch"]), ("tiny_gelu", 2, 1), "what was measured")
    share = report["gflops"] / report["peak_gflops"]
    expect(abs(share - report["share_of_peak"]) < 1e-9 and 0 < share < 1, True, f"share of peak {share}")
    expect(sum(kernel["count"] for kernel in report["kernels"]), 10, "kernel calls: embedding, 5 blocks, 3 mergings, head")
    for kernel in report["kernels"]:
        expect(list(kernel), ["name", "count", "median_ms", "gflops", "share_of_peak", "bytes", "gbps", "roofline_ms",
                              "share_of_roofline", "bound"], "keys of a kernel")
        expect(kernel["bound"] in ("memory", "compute"), True, "what bounds the kernel")
    roofline = sum(kernel["count"] * kernel["roofline_ms"] for kernel in report["kernels"])
    expect(abs(roofline / report["roofline_ms"] - 1) < 1e-9, True, "the roofline is the sum over the calls")
    expect(report["bandwidth_gbps"] > 0 and report["cpu"] != "", True, "bandwidth and CPU")
    # Of the model alone: neither the buffer that bandwidth is measured with, nor what the compiler takes.
    expect(0 < report["peak_memory_bytes"] < 64 << 20, True, f"peak memory {report['peak_memory_bytes']}")


def test_bench_html(tmp):
    """The page is written beside the JSON; a page that cannot be written is said before anything is measured."""
    command = [FASTERNETC, "bench", GOLDEN / "tiny-gelu/model.json", "--weights", "seeded:7", "--seconds", "0.2"]
    page = tmp / "page.html"
    report = json.loads(run(*command, "--json", "--html", page).stdout)
    text = page.read_text()
    expect(text.startswith("<!DOCTYPE html>") and text.endswith("</html>\n"), True, "the page is complete")
    expect(text.count("<svg"), 2, "pictures")
    for kernel in report["kernels"]:
        expect(f"<code>{kernel['name']}</code>" in text, True, f"{kernel['name']} in the table")
    for path in (tmp / "missing/page.html", tmp):
        failed = run(*command, "--html", path, status=1)
        expect(failed.stderr.startswith(f"error: {path}: "), True, f"the error names the path: {failed.stderr}")
        expect("measuring" in failed.stderr or failed.stdout != "", False, "measured before the error")
    expect([entry.name for entry in tmp.iterdir()], ["page.html"], "files left")


def test_inspect_levels(tmp):
    """Each level shows its own ops, and no weight is dumped."""
    model = GOLDEN / "tiny-gelu/model.json"
    marks = {"imported": "fasternet.partial_conv", "fused": "fasternet.call @block_", "planned": " slot ",
             "llvm": "llvm.func @tiny_gelu_init"}
    for stage, mark in marks.items():
        text = run(FASTERNETC, "inspect", model, "--stage", stage).stdout
        expect(mark in text, True, f"{stage} shows {mark}")
        dumped = re.findall(r"0x[0-9A-Fa-f]{40}|(?:-?\d\.\d+E[+-]\d+, ){8}", text)
        expect(dumped, [], f"weights dumped by {stage}")
    kernels = run(FASTERNETC, "inspect", model, "--kernels").stdout
    expect(len(re.findall(r"^block-n1-", kernels, re.M)), 4, "distinct blocks")
    expect("arena" in run(FASTERNETC, "inspect", model, "--memory").stdout, True, "--memory names the arena")


def test_init_file(tmp):
    """A file made by `init` is the seeded weights: both give the same library."""
    model = GOLDEN / "three-stages/model.json"
    run(FASTERNETC, "init", model, "--seed", 5, "-o", tmp / "w.safetensors")
    for folder, weights in (("file", tmp / "w.safetensors"), ("seeded", "seeded:5")):
        run(FASTERNETC, "compile", model, "--weights", weights, "-o", tmp / folder, "--quiet")
    expect(filecmp.cmp(tmp / "file/libthree_stages.a", tmp / "seeded/libthree_stages.a", shallow=False), True,
           "same library")


def test_digits_example(tmp):
    """The example recognises the ten digits drawn for it."""
    folder, example = tmp / "out", ROOT / "examples/digits"
    run(FASTERNETC, "compile", example / "model.json", "--weights", example / "weights.safetensors", "-o", folder,
        "--quiet")
    link(example / "digits.c", tmp / "program", folder)
    images = sorted((example / "images").glob("*.png"))
    expect(len(images), 10, "images")
    lines = run(tmp / "program", *images).stdout.strip().split("\n")
    expect([re.search(r": (\d) \(", line)[1] for line in lines], [image.stem for image in images], "digits seen")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    FASTERNETC = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        try:
            globals()["test_" + sys.argv[2].replace("-", "_")](pathlib.Path(folder))
        except Failure as failure:
            sys.exit(str(failure))
