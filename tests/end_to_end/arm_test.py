#!/usr/bin/env python3
"""Libraries for aarch64, built with the cross compiler and run in an emulator.

Usage: arm_test.py FASTERNETC TEST [ARGUMENT ...]        exit 0 passed, 1 failed, 77 skipped
"""
import filecmp
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile

from commands import Failure, run

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
GOLDEN = ROOT / "tests/data/golden"
PROGRAMS = HERE / "programs"
COMPILER, EMULATOR = "aarch64-linux-gnu-gcc", "qemu-aarch64"
TINY = GOLDEN / "tiny-gelu/model.json"
# Functions that Android's libc has had since its first 64-bit level, 21 (libc/libc.map.txt in bionic).
BIONIC = {"getauxval", "memcpy", "memmove", "memset", "pthread_cond_broadcast", "pthread_cond_destroy",
          "pthread_cond_init", "pthread_cond_signal", "pthread_cond_wait", "pthread_create", "pthread_join",
          "pthread_mutex_destroy", "pthread_mutex_init", "pthread_mutex_lock", "pthread_mutex_unlock", "pthread_sigmask",
          "sigfillset", "strcmp", "sysconf"}


HALF = ("--target", "aarch64-fp16", "--precision", "f16")


def compile_model(model, folder, *options, weights="seeded:7", target="aarch64"):
    return run(FASTERNETC, "compile", model, "--weights", weights, "--target", target, "-o", folder, "--quiet",
               *options)


def link(program, output, folder, flags=("-static",)):
    """Statically, so that the emulator needs no libraries of the other machine."""
    libraries = [library for library in folder.glob("lib*.a") if library.name != "libfasternet_runtime.a"]
    run(COMPILER, "-O1", *flags, f"-I{folder}", program, *libraries, folder / "libfasternet_runtime.a", "-lm",
        "-lpthread", "-o", output)


def expect(found, wanted, what):
    if found != wanted:
        raise Failure(f"{what}: found {found!r}, expected {wanted!r}")


def refused(message, *arguments, env=None):
    """One line of error, and nothing on stdout."""
    done = run(FASTERNETC, *arguments, status=1, env=env)
    lines = [line for line in done.stderr.split("\n") if line]
    if done.stdout or len(lines) != 1 or not lines[0].startswith("error: ") or message not in lines[0]:
        raise Failure(f"{arguments}: expected one error with {message!r}, found\n{done.stdout}{done.stderr}")


def test_golden(tmp, case, threads="1"):
    """The published model's outputs."""
    done = run(FASTERNETC, "verify", GOLDEN / case, "--target", "aarch64", "--threads", threads, "--runner", EMULATOR)
    print(done.stdout, end="")


def test_half_golden(tmp, case, threads="1"):
    """The published model's outputs, within the bound of half precision."""
    done = run(FASTERNETC, "verify", GOLDEN / case, *HALF, "--threads", threads, "--runner", EMULATOR)
    print(done.stdout, end="")


def test_half_needs_its_units(tmp):
    """Init refuses a processor without half-precision arithmetic; nothing of it is run there."""
    compile_model(TINY, tmp / "out", "--precision", "f16", target="aarch64-fp16")
    link(PROGRAMS / "variant.c", tmp / "program", tmp / "out")
    refusal = run(EMULATOR, "-cpu", "cortex-a72", tmp / "program", status=1).stdout
    expect("No variant in the library runs on this CPU" in refusal, True, f"status on cortex-a72: {refusal}")
    for cpu in ("neoverse-n1", "cortex-a76", "max"):
        expect(run(EMULATOR, "-cpu", cpu, tmp / "program").stdout.split("\n")[1], "aarch64-fp16", f"variant on {cpu}")


def test_level_keeps_precision(tmp):
    """The target alone changes no numbers: both variants of one library compute in float32."""
    compile_model(TINY, tmp / "out", target="aarch64,aarch64-fp16")
    link(PROGRAMS / "variant.c", tmp / "program", tmp / "out")
    outputs = {}
    for cpu, variant in (("cortex-a72", "aarch64"), ("neoverse-n1", "aarch64-fp16")):
        status, chosen, *outputs[variant] = run(EMULATOR, "-cpu", cpu, tmp / "program").stdout.split("\n")
        expect(chosen, variant, f"variant on {cpu}")
    wrong = [pair for pair in zip(outputs["aarch64"], outputs["aarch64-fp16"]) if pair[0] != pair[1]
             and abs(float(pair[0]) - float(pair[1])) > 1e-5]
    expect(wrong, [], "outputs that differ")


def test_half_same_bits_for_any_threads(tmp):
    compile_model(TINY, tmp / "out", "--precision", "f16", target="aarch64-fp16")
    link(PROGRAMS / "threads.c", tmp / "program", tmp / "out")
    expect(run(EMULATOR, tmp / "program").stdout, "same\n", "outputs")


def test_half_sizes(tmp):
    """Weights and activations take half the memory, and what is written of the library says f16."""
    for precision in ("f32", "f16"):
        compile_model(TINY, tmp / precision, "--precision", precision, target="aarch64-fp16")
    single, half = (json.loads((tmp / p / "tiny_gelu.json").read_text()) for p in ("f32", "f16"))
    expect((single["precision"], half["precision"]), ("f32", "f16"), "precisions")
    for field in ("weight_bytes", "arena_bytes"):
        ratio = half["memory"][field] / single["memory"][field]
        expect(0.5 <= ratio < 0.56, True, f"{field}: {ratio:.3f} of float32's are about half")
    expect({tensor["element_type"] for tensor in half["inputs"] + half["outputs"]}, {"f32"}, "types at the border")
    expect("; f16." in (tmp / "f16/tiny_gelu.h").read_text(), True, "precision in the header")


def test_half_predict(tmp):
    text = run(FASTERNETC, "inspect", GOLDEN / "fasternet-t0/model.json", "--predict", *HALF, "--tune-for",
               "neoverse-n1").stdout
    expect("16 multiply-adds per cycle" in text, True, f"twice the floats of neoverse-n1:\n{text}")
    line = r"^(?:block|patch_conv)\S+-f16-w16 +\d+ +\d+ +([\d.]+)%"
    shares = [float(share) for share in re.findall(line, text, re.M)]
    expect(len(shares), 8, f"kernels of T0 with products:\n{text}")
    expect(all(10 < share < 105 for share in shares), True, f"shares of the peak: {shares}")
    # On the core in order that the code is shaped for by default, no inner loop spills; sums in chunks included.
    for model in ("fasternet-t0", "fasternet-t2"):
        table = run(FASTERNETC, "inspect", GOLDEN / model / "model.json", "--predict", *HALF).stdout
        spills = re.findall(r"^(?:block|patch_conv).*?(\d+)$", table, re.M)
        expect(spills, ["0"] * 8, f"spills of {model}:\n{table}")


def test_half_bench(tmp):
    report = json.loads(run(FASTERNETC, "bench", TINY, "--weights", "seeded:7", *HALF, "--seconds", "0.2", "--json",
                            "--runner", EMULATOR).stdout)
    expect(report["target"], "aarch64-fp16", "what was measured")
    expect(all(kernel["name"].endswith("-f16-w16") for kernel in report["kernels"]), True, "kernels of half precision")


def test_half_tune(tmp):
    records = tmp / "r.json"
    run(FASTERNETC, "tune", TINY, *HALF, "--tune-for", "cortex-a76", "--budget", "8s", "--records", records,
        "--runner", EMULATOR)
    found = [json.loads(line) for line in records.read_text().splitlines()]
    if not any(r["outcome"] == "best" for r in found) or {r["outcome"] for r in found} - {"best", "slower"}:
        raise Failure(f"outcomes {sorted({r['outcome'] for r in found})}")
    expect(all(r["kernel"].endswith("-f16-w16") for r in found), True, "records of half precision")
    run(FASTERNETC, "verify", TINY.parent, *HALF, "--tune-for", "cortex-a76", "--records", records, "--runner",
        EMULATOR)


def test_half_wrong_uses(tmp):
    common = [TINY, "--weights", "seeded:7", "--precision", "f16"]
    needs = "--precision f16 needs a target with such arithmetic, found "
    for target in ("x86-64-v3", "x86-64-v4,x86-64-v3", "aarch64"):
        for command in (["compile", *common, "-o", tmp / "out"], ["verify", *common], ["bench", *common],
                        ["inspect", *common], ["tune", TINY, "--precision", "f16"]):
            refused(f"{needs}'{target.split(',')[0]}'", *command, "--target", target)
    refused("a library holds its weights in one precision", "compile", *common, "--target", "aarch64-fp16,aarch64",
            "-o", tmp / "out")
    refused("different families", "compile", *common, "--target", "aarch64-fp16,x86-64-v3", "-o", tmp / "out")
    run(FASTERNETC, "compile", *common[:3], "--precision", "f8", status=2)
    expect((tmp / "out").exists(), False, "output folder exists")


def test_choice_by_cpu(tmp):
    """The variant is chosen by what the kernel reports of the processor."""
    compile_model(TINY, tmp / "out")
    link(PROGRAMS / "variant.c", tmp / "program", tmp / "out")
    for cpu in ("cortex-a53", "max"):
        expect(run(EMULATOR, "-cpu", cpu, tmp / "program").stdout.split("\n")[1], "aarch64", f"variant on {cpu}")


def test_same_bits_for_any_threads(tmp):
    compile_model(TINY, tmp / "out")
    link(PROGRAMS / "threads.c", tmp / "program", tmp / "out")
    expect(run(EMULATOR, tmp / "program").stdout, "same\n", "outputs")


def test_no_allocation(tmp):
    compile_model(TINY, tmp / "out")
    # The program replaces malloc, which only the dynamic linker lets it do.
    link(PROGRAMS / "no_allocation.c", tmp / "program", tmp / "out", flags=())
    expect(run(EMULATOR, "-L", "/usr/aarch64-linux-gnu", tmp / "program", 2).stdout, "0\n", "allocations of 20 runs")


def test_shared_object_symbols(tmp):
    """Position-independent, and with its documented names only."""
    folder = tmp / "out"
    compile_model(TINY, folder)
    run(COMPILER, "-shared", "-o", tmp / "host.so", "-Wl,--whole-archive", folder / "libtiny_gelu.a",
        folder / "libfasternet_runtime.a", "-Wl,--no-whole-archive", "-lm", "-lpthread")
    lines = run("nm", "-D", "--defined-only", tmp / "host.so").stdout.split("\n")
    expect(sorted(line.split()[-1] for line in lines if line), sorted([
        "fnet_instance_variant", "fnet_pool_bytes", "fnet_pool_done", "fnet_pool_init", "fnet_pool_parallel",
        "fnet_status_text", "tiny_gelu_done", "tiny_gelu_init", "tiny_gelu_model", "tiny_gelu_run"]), "public names")


def test_same_bytes(tmp):
    for folder in ("a", "b"):
        compile_model(GOLDEN / "features/model.json", tmp / folder)
    files = [p for p in (tmp / "a").rglob("*") if p.is_file()]
    different = [p.name for p in files if not filecmp.cmp(p, tmp / "b" / p.relative_to(tmp / "a"), shallow=False)]
    expect(different, [], "files that differ between two compiles")
    expect(len([p for p in files if p.suffix == ".a"]), 2, "archives compared")


def test_digits_example(tmp):
    """The example recognises the ten digits drawn for it."""
    example = ROOT / "examples/digits"
    compile_model(example / "model.json", tmp / "out", weights=example / "weights.safetensors")
    link(example / "digits.c", tmp / "program", tmp / "out")
    images = sorted((example / "images").glob("*.png"))
    lines = run(EMULATOR, tmp / "program", *images).stdout.strip().split("\n")
    expect([re.search(r": (\d) \(", line)[1] for line in lines], [image.stem for image in images], "digits seen")


def test_raspberry_pi_example(tmp, cmake, ninja):
    """Built by its script through the generated CMake packages; the README beside it shows what the programs print."""
    example = ROOT / "examples/raspberry-pi"
    run(example / "build.sh", "cortex-a72", tmp / "out",
        env=dict(os.environ, FASTERNETC=str(FASTERNETC), CMAKE=cmake,
                 CMAKE_OPTIONS=f"-G Ninja -DCMAKE_MAKE_PROGRAM={ninja}"))
    emulator, programs = (EMULATOR, "-cpu", "cortex-a72"), tmp / "out/programs"
    images = sorted((ROOT / "examples/digits/images").glob("*.png"))
    lines = run(*emulator, programs / "digits", *images).stdout.strip().split("\n")
    lines += run(*emulator, programs / "latency", 2, 3).stdout.strip().split("\n")
    expect(len(lines), 12, "lines that both print")
    expect(bool(re.match(r"aarch64, 2 threads: first run [0-9.]+ ms, median of 3 [0-9.]+ ms$", lines.pop())), True,
           "the last one tells the latency")
    readme = (example / "README.md").read_text()
    expect([line for line in lines if line.split("/")[-1] not in readme], [], "lines that README.md lacks")


def test_android_objects(tmp):
    """What the NDK's linker and Android's loader ask of a library beyond Linux: no code that takes x18, which Android
    reserves, no relocation of read-only pages, segments for pages of 16 KiB, and no function that bionic lacks."""
    folder = tmp / "out"
    compile_model(GOLDEN / "fasternet-t0/model.json", folder, "--tune-for", "cortex-a76")
    library = folder / "libfasternet_t0.a"
    code = run("aarch64-linux-gnu-objdump", "-d", library).stdout
    expect(len(re.findall(r"\bfmla\b", code)) > 1000, True, "the kernels are in the listing")
    expect(re.findall(r".*\b[xw]18\b.*", code)[:5], [], "instructions that use x18")
    shared = tmp / "libmodel.so"
    # Atomics in place: whether they are calls is the NDK's choice, which brings the functions.
    run(COMPILER, "-shared", "-nostdlib", "-std=c11", "-O2", "-fPIC", "-mno-outline-atomics", "-I", folder, "-o", shared,
        *sorted(folder.glob("runtime/*.c")), "-Wl,--whole-archive", library, "-Wl,--no-whole-archive", "-Wl,-z,text",
        "-Wl,-z,max-page-size=16384")
    segments = run("readelf", "-lW", shared).stdout
    expect(set(re.findall(r"^  LOAD .* (0x[0-9a-f]+)$", segments, re.M)), {"0x4000"}, "alignment of the segments")
    expect("TEXTREL" in run("readelf", "-dW", shared).stdout, False, "relocations of read-only pages")
    missing = {line.split()[-1] for line in run("nm", "-D", "--undefined-only", shared).stdout.splitlines() if line}
    expect(sorted(missing - BIONIC), [], "functions that bionic lacks")


def test_code_size(tmp):
    """FasterNet-T0's code is small beside its weights."""
    text = compile_model(GOLDEN / "fasternet-t0/model.json", tmp / "out").stdout
    library, weights = map(int, re.search(r": (\d+) bytes, of which (\d+) are weights", text).groups())
    print(f"{library - weights} bytes beyond the weights")
    expect(library - weights <= 400_000, True, f"{library - weights} bytes of code are at most 400 KB")


def test_bench(tmp):
    """Its times are an emulator's and are not judged."""
    report = json.loads(run(FASTERNETC, "bench", TINY, "--weights", "seeded:7", "--target", "aarch64", "--seconds",
                            "0.2", "--threads", "2", "--json", "--runner", EMULATOR).stdout)
    expect((report["target"], report["threads"]), ("aarch64", 2), "what was measured")
    expect(report["peak_gflops"] > 0 and report["bandwidth_gbps"] > 0, True, "peak and bandwidth")


def test_tune(tmp):
    records = tmp / "r.json"
    run(FASTERNETC, "tune", TINY, "--target", "aarch64", "--tune-for", "cortex-a72", "--budget", "8s", "--records",
        records, "--runner", EMULATOR)
    found = [json.loads(line) for line in records.read_text().splitlines()]
    if not any(r["outcome"] == "best" for r in found) or {r["outcome"] for r in found} - {"best", "slower"}:
        raise Failure(f"outcomes {sorted({r['outcome'] for r in found})}")
    expect({(r["cpu"], r["isa"]) for r in found}, {("cortex-a72", "neon")}, "CPU and instruction set of the records")
    expect({r["obtained"] for r in found} - {"emulated", "predicted"}, set(), "nothing in an emulator is measured")
    run(FASTERNETC, "verify", TINY.parent, "--target", "aarch64", "--tune-for", "cortex-a72", "--records", records,
        "--runner", EMULATOR)


def test_predict(tmp):
    """Ranked by predicted cost; the winner has run in the emulator before it is recorded as best."""
    records = tmp / "r.json"
    run(FASTERNETC, "tune", TINY, "--target", "aarch64", "--tune-for", "neoverse-n1", "--predict", "--budget", "20s",
        "--records", records, "--runner", EMULATOR)
    found = [json.loads(line) for line in records.read_text().splitlines()]
    expect({r["obtained"] for r in found}, {"predicted"}, "how the records were obtained")
    best = [r for r in found if r["outcome"] == "best"]
    expect(len({r["kernel"] for r in best}), len({r["kernel"] for r in found}), "kernels with a best record")
    expect(all(r["cycles"] > 0 and "ms" not in r for r in best), True, "cycles and no times")
    done = run(FASTERNETC, "verify", TINY.parent, "--target", "aarch64", "--tune-for", "neoverse-n1", "--records",
               records, "--runner", EMULATOR)
    expect("r.json, predicted for neoverse-n1" in done.stderr, True, "the records were used")


def test_predicted_shares(tmp, model):
    """What the schedules that come with the compiler reach in LLVM's models of three cores: of the register tiles of
    all products, without the cost of GELU. No spills in inner loops, no tile over pixels that do not exist."""
    for cpu, least, least_of_40 in (("cortex-a72", 95, 92), ("neoverse-v1", 95, 92), ("neoverse-n1", 85, 72)):
        tune_for = ["--tune-for", cpu]
        table = run(FASTERNETC, "inspect", GOLDEN / model / "model.json", "--target", "aarch64", *tune_for,
                    "--predict").stdout
        row = r"^((?:block|patch_conv)\S+) +\d+ +\d+ +[\d.]+% +[\d.]+% +([\d.]+)% +[\d.]+% +(\d+)$"
        kernels = re.findall(row, table, re.M)
        expect(len(kernels), 8, f"kernels with products:\n{table}")
        for kernel, share, spills in kernels:
            bound = least_of_40 if "-c40-p" in kernel else least
            expect(float(share) >= bound, True, f"{kernel} on {cpu}: {share} % of at least {bound} %")
            expect(spills, "0", f"spills of {kernel} on {cpu}")
        compile_model(GOLDEN / model / "model.json", tmp / cpu, *tune_for)
        manifest, = (json.loads(file.read_text()) for file in (tmp / cpu).glob("fasternet_t?.json"))
        for kernel in manifest["kernels"]:
            schedule = kernel["variants"][0]["schedule"]
            width = int(re.search(r"-n1-\d+x(\d+)-", kernel["spec"])[1])
            stride = int((re.search(r"-s(\d)-", kernel["spec"]) or [1, 1])[1])
            winograd = "winograd=0" not in schedule
            for name, pixels in re.findall(r"(partial|first|second|tile)=\d+x(\d+)x\d+", schedule):
                columns = (width + 1) // 2 if name == "partial" and winograd else width // stride
                expect(columns % int(pixels), 0, f"{name} of {kernel['spec']} on {cpu}: columns left of {columns}")


def test_without_tools(tmp):
    """Needs neither the cross compiler nor the emulator: the library is made, and what is missing is named."""
    (tmp / "bin").mkdir()
    bare = dict(os.environ, PATH=str(tmp / "bin"))
    done = run(FASTERNETC, "compile", TINY, "--weights", "seeded:7", "--target", "aarch64", "-o", tmp / "out", "--quiet",
               env=bare)
    expect("libc6-dev-arm64-cross" in done.stderr, True, f"the warning names the packages: {done.stderr}")
    for file in ("libtiny_gelu.a", "tiny_gelu.h", "tiny_gelu.json", "runtime/cpu_arm.c"):
        expect((tmp / "out" / file).is_file(), True, file)
    expect((tmp / "out/libfasternet_runtime.a").exists(), False, "runtime library")
    common = [TINY, "--target", "aarch64"]
    weights = ["--weights", "seeded:7"]
    for command in (["verify", *common, *weights], ["bench", *common, *weights], ["tune", *common]):
        refused("gcc-aarch64-linux-gnu", *command, "--runner", EMULATOR, env=bare)


def test_wrong_uses(tmp):
    common = [TINY, "--weights", "seeded:7"]
    arm = [*common, "--target", "aarch64"]
    refused("different families", "compile", *common, "--target", "aarch64,x86-64-v3", "-o", tmp / "out")
    refused("'zen4' cannot run target 'aarch64'", "compile", *arm, "--tune-for", "zen4", "-o", tmp / "out")
    refused("'cortex-a72' cannot run target 'x86-64-v3'", "compile", *common, "--target", "x86-64-v3", "--tune-for",
            "cortex-a72", "-o", tmp / "out")
    if os.uname().machine != "aarch64":
        for command in (["verify", *arm], ["bench", *arm], ["tune", TINY, "--target", "aarch64"]):
            refused("--runner qemu-aarch64", *command)
        refused("'cc' makes programs for", "compile", *arm, "--cc", "cc", "-o", tmp / "out")
        refused("'cc' makes programs for", "verify", *arm, "--cc", "cc", "--runner", EMULATOR)
    expect((tmp / "out").exists(), False, "output folder exists")


NEEDS_NO_TOOLS = {"without-tools", "wrong-uses", "code-size", "half-sizes", "half-predict", "half-wrong-uses",
                  "predicted-shares"}

if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    FASTERNETC, name = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    missing = [tool for tool in (COMPILER, EMULATOR) if not shutil.which(tool)]
    if missing and name not in NEEDS_NO_TOOLS:
        print(f"skipped: {' and '.join(missing)} not installed")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        try:
            globals()["test_" + name.replace("-", "_")](pathlib.Path(folder), *sys.argv[3:])
        except Failure as failure:
            sys.exit(str(failure))
