#!/usr/bin/env python3
"""Broken inputs, each with the message it must be refused with.

Usage: cases.py COMMAND...   runs `COMMAND... inspect MODEL --weights W --stage imported` on every case and expects exit
status 1, the message on stderr, nothing on stdout and no new file. Prints a line per case.
"""
import concurrent.futures
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # the source tree stays as it is
from weight_files import GOOD, TINY, WEIGHT_CASES

HERE = pathlib.Path(__file__).resolve().parent

# File in descriptions/ (without .json): what stderr must hold.
DESCRIPTIONS = {
    "empty-file": ["is empty, expected a JSON object"],
    "only-spaces": ["is empty, expected a JSON object"],
    "not-an-object": ["found [1,2,3], expected a JSON object"],
    "syntax-error": ["line 3, column 22", "syntax error"],
    "missing-brace": ["line 3", "unexpected end of input"],
    "trailing-text": ["line 1, column 19", "syntax error"],
    "not-a-number": ["line 1, column 15", "invalid literal"],
    "infinite-number": ["line 1", "number overflow"],
    "not-utf-8": ["line 1", "ill-formed UTF-8"],
    "duplicate-key": ["embed_dim: is given more than once"],
    "deep-nesting": ["is nested deeper than 32 levels"],
    "unclosed-nesting": ["is nested deeper than 32 levels"],
    "unknown-field": ["embed_dims: unknown field, did you mean 'embed_dim'?"],
    "unknown-field-far": ["quantization: unknown field\n"],
    "negative-depth": ["depths[2]: found -1, expected an integer from 1 to 1000"],
    "zero-depth": ["depths[1]: found 0, expected an integer from 1 to 1000"],
    "no-stages": ["depths: found [], expected an array of 1 to 16 integers"],
    "too-many-stages": ["depths: found an array of 17, expected an array of 1 to 16 integers"],
    "depths-not-an-array": ["depths: found 8, expected an array of 1 to 16 integers"],
    "float-for-integer": ["embed_dim: found 96.5, expected an integer from 1 to 65536"],
    "string-for-integer": ['embed_dim: found "96", expected an integer'],
    "integer-overflow": ["embed_dim: found 1.8446744073709552e+19, expected an integer"],
    "beyond-int64": ["embed_dim: found 9223372036854775808, expected an integer"],
    "integer-for-boolean": ["patch_norm: found 1, expected true or false"],
    "null-for-integer": ["n_div: found null, expected an integer"],
    "negative-mlp-ratio": ["mlp_ratio: found -2, expected a number above 0"],
    "mlp-ratio-leaves-nothing": ["mlp_ratio: found 0.001, expected at least 1 / embed_dim"],
    "fewer-channels-than-n-div": ["n_div: found 4, expected at most embed_dim, which is 3"],
    "image-smaller-than-patch": ["image_size: found 3 x 224, too small for stage 0", "(patch_size)"],
    "image-too-small-for-stage": ["too small for stage 3: its input has 1 x 1 pixels, expected at least 2 x 2"],
    "image-size-of-three": ["image_size: found [3,224,224], expected an integer or [height, width]"],
    "zero-stride": ["patch_stride: found 0, expected an integer from 1 to 1024"],
    "unknown-norm": ['norm_layer: found "LN", expected "BN"', "batch norm is the only one"],
    "unknown-activation": ['act_layer: found "SILU", expected "RELU" or "GELU"'],
    "fork-feat-with-three-stages": ["depths: found 3 stages, expected 4 with fork_feat"],
    "activations-too-large": ["activations of stage 0 have", "expected at most 2147483647"],
    "weights-too-large": ["all weights together have", "expected at most 2147483647"],
    "empty-name": ['name: found "", expected a string of 1 to 100 bytes'],
    "several-errors": [
        "embed_dim: found -4",
        'depths[1]: found "two"',
        "depths[3]: found 0",
        'act_layer: found "TANH"',
        "n_dib: unknown field, did you mean 'n_div'?",
    ],
    "timm-unknown-architecture": ['architecture: found "resnet50", expected "fasternet_t0"'],
    "timm-bad-input-size": ["pretrained_cfg.input_size: found [224,224], expected [channels, height, width]"],
    "timm-unknown-argument": ["model_args.embed_dm: unknown field, did you mean 'embed_dim'?"],
    "timm-global-pool": ['global_pool: found "max", expected "avg"'],
}


def run(command, model, weights, folder, status, expected):
    before = sorted(p.name for p in folder.iterdir())
    result = subprocess.run(
        [*command, "inspect", str(model), "--weights", weights, "--stage", "imported"],
        capture_output=True, cwd=folder, timeout=120, check=False)
    stderr = result.stderr.decode(errors="replace")
    problems = [f"lacks {text!r}" for text in expected if text not in stderr]
    if result.returncode != status:
        problems.append(f"exit status {result.returncode}, expected {status}")
    if status and result.stdout:
        problems.append(f"printed {result.stdout[:100]!r}")
    if sorted(p.name for p in folder.iterdir()) != before:
        problems.append("left a file behind")
    return problems and problems + [stderr[:2000]]


def description_case(command, name, expected):
    with tempfile.TemporaryDirectory() as temporary:
        return run(command, HERE / "descriptions" / f"{name}.json", "seeded:1", pathlib.Path(temporary), 1, expected)


def path_case(command, model, weights, expected):
    """A model or weights path that does not name a readable file; FOLDER stands for the folder of the case."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        (folder / "model.json").write_text(TINY)
        (folder / "folder.pth").mkdir()
        return run(command, folder / model, weights.replace("FOLDER", temporary), folder, 1, expected)


def weights_case(command, name, make, status, expected):
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        (folder / "model.json").write_text(TINY)
        (folder / name).write_bytes(make())
        return run(command, folder / "model.json", str(folder / name), folder, status, expected)


PATHS = [
    ("model-is-missing", "none.json", "seeded:1", ["none.json", "No such file or directory"]),
    ("model-is-a-directory", "folder.pth", "seeded:1", ["is a directory, expected a file"]),
    ("weights-are-missing", "model.json", "FOLDER/none.pth", ["none.pth", "No such file or directory"]),
    ("weights-are-a-directory", "model.json", "FOLDER/folder.pth", ["is a directory, expected a file"]),
    ("weights-of-unknown-kind", "model.json", "FOLDER/model.json", ["unknown kind of file, expected .safetensors"]),
    ("seed-is-no-number", "model.json", "seeded:seven", ["seeded:seven: expected seeded:N with an integer N"]),
    ("seed-is-negative", "model.json", "seeded:-1", ["expected seeded:N"]),
    ("seed-is-too-large", "model.json", "seeded:18446744073709551616", ["expected seeded:N"]),
]


def main():
    command = sys.argv[1:]
    if not command:
        sys.exit(__doc__)
    # Every case runs in a folder of its own.
    command = [str(pathlib.Path(part).resolve()) if pathlib.Path(part).exists() else part for part in command]
    jobs = {}
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for name, expected in DESCRIPTIONS.items():
            jobs[name] = pool.submit(description_case, command, name, expected)
        for name, model, weights, expected in PATHS:
            jobs[name] = pool.submit(path_case, command, model, weights, expected)
        for name, make in GOOD.items():
            jobs[name] = pool.submit(weights_case, command, name, make, 0, [])
        for name, make, expected in WEIGHT_CASES:
            jobs[name] = pool.submit(weights_case, command, name, make, 1, expected)
        stray = {p.stem for p in (HERE / "descriptions").iterdir()} ^ set(DESCRIPTIONS)
        failed = len(stray)
        for name in stray:
            print(f"FAIL {name}: in only one of descriptions/ and the table")
        for name, job in jobs.items():
            problems = job.result()
            failed += bool(problems)
            print(f"FAIL {name}: " + "; ".join(problems) if problems else f"ok   {name}")
    print(f"{len(jobs)} cases, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
