"""What is asked of a GPU: commands of fasternetc, each with a name that its result is told under."""
import json
import pathlib
import shutil

ROOT = pathlib.Path(__file__).resolve().parents[3]
GOLDEN = ROOT / "tests/data/golden"
# Odd shapes, several outputs, borders that matter, and the smallest of the published models.
CASES = {"f32": ["tiny-gelu", "tiny-relu", "features", "odd-image-97x130", "n-div-3-odd-split", "wide-36-ch",
                 "batch-3-gray", "fasternet-t0"],
         "f16": ["tiny-gelu", "features", "odd-image-97x130", "wide-36-ch", "fasternet-t0"],
         "tf32": ["tiny-gelu", "odd-image-97x130", "wide-36-ch"]}
SANITIZERS = ["memcheck", "racecheck"]


class Step:
    """One command. `kind`: verify, sanitize, bench or tune; `label`: such as "tiny-gelu f16" or "batch 32 f32"."""

    def __init__(self, kind, label, argv):
        self.kind, self.label, self.argv = kind, label, [str(word) for word in argv]


def with_batch(model, batch, folder):
    """The description with another batch size, written below `folder`."""
    fields = json.loads(model.read_text())
    path = folder / f"{model.parent.name}-b{batch}.json"
    path.write_text(json.dumps({**fields, "batch_size": batch}))
    return path


def precisions_of(target, wanted):
    """tf32 needs compute capability 8.0."""
    return [precision for precision in wanted if precision != "tf32" or target != "cuda-sm75"]


def sanitizer_steps(arguments):
    """The smallest case with all memory accesses watched, and all races for shared memory."""
    tool = shutil.which("compute-sanitizer") if arguments.command == "here" else None
    return [Step("sanitize", f"tiny-gelu {precision} {check}",
                 [arguments.fasternetc, "verify", GOLDEN / "tiny-gelu", "--target", arguments.target, "--precision",
                  precision, "--runner", f"{tool} --tool {check} --error-exitcode 99"])
            for precision in precisions_of(arguments.target, arguments.precisions) for check in SANITIZERS if tool]


def steps(arguments):
    """All commands, those first that the others are worth nothing without."""
    fasternetc, target = arguments.fasternetc, ["--target", arguments.target]
    planned = []
    if "verify" in arguments.parts:
        planned += sanitizer_steps(arguments)
        for precision in precisions_of(arguments.target, arguments.precisions):
            planned += [Step("verify", f"{case} {precision}",
                             [fasternetc, "verify", GOLDEN / case, *target, "--precision", precision])
                        for case in CASES[precision] if arguments.cases is None or case in arguments.cases]
    if "bench" in arguments.parts:
        for precision in precisions_of(arguments.target, arguments.precisions):
            for batch in arguments.batches:
                model = with_batch(arguments.model, batch, arguments.folder)
                planned.append(Step("bench", f"batch {batch} {precision}",
                                    [fasternetc, "bench", model, "--weights", "seeded:7", *target, "--precision",
                                     precision, "--seconds", "2", "--json"]))
    if "tune" in arguments.parts:
        planned.append(Step("tune", "tune f32",
                            [fasternetc, "tune", arguments.model, *target, "--budget", arguments.budget,
                             "--no-shipped-records", "--records", arguments.folder / "tried.json"]))
    return planned
