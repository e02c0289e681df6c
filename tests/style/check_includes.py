#!/usr/bin/env python3
"""Checks the tree's rules on who may include whom, and that a file stays one thought.

Usage: check_includes.py ROOT        (or --self-test: planted violations must be found)
"""
import pathlib
import re
import sys
import tempfile

# Folder -> folders of ours that its files may include beside themselves, support and targets. The direction of
# dependencies is the design: the two halves (MLIR and Halide) meet only in plain data.
OPEN = {"support", "targets"}
ALLOWED = {
    "support": set(),
    "targets": set(),
    "dialect": set(),
    "frontend": {"dialect"},
    "transforms": {"dialect"},
    "emit": {"dialect"},
    "reference": {"dialect"},
    "kernels": set(),
    "schedules": {"kernels"},
    "tensorcore": {"kernels"},
    "codegen": {"schedules", "kernels"},
    "device": set(),
    "tune": {"codegen", "device", "kernels", "reference", "schedules"},
    "driver": {"codegen", "device", "dialect", "emit", "frontend", "reference", "tensorcore", "transforms", "tune"},
    "tools": {"dialect", "driver", "transforms"},
}
NO_MLIR = {"support", "targets", "kernels", "schedules", "codegen", "device", "tune"}
NO_HALIDE = {"support", "targets", "dialect", "frontend", "transforms", "device", "emit", "reference", "driver",
             "tensorcore", "tools"}
# Headers that other folders include must not name Halide; these are included by Halide's side only.
HALIDE_HEADERS = {"kernels", "schedules"}
LIMIT = 500
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def folder_of(path, root):
    parts = path.relative_to(root).parts
    return parts[0] if parts[0] != "compiler" else parts[1]


def check(root):
    problems = []
    files = [p for top in ("compiler", "schedules") for p in sorted((root / top).rglob("*"))
             if p.suffix in (".h", ".cpp")]
    for path in files:
        name, text = path.relative_to(root), path.read_text()
        folder = folder_of(path, root)
        includes = INCLUDE.findall(text)
        mlir = any(target.startswith("mlir/") for _, target in includes)
        halide = any(target.startswith("Halide") for _, target in includes)
        if mlir and halide:
            problems.append(f"{name}: includes both MLIR and Halide")
        if mlir and (folder in NO_MLIR or "primitives" in name.parts):
            problems.append(f"{name}: {folder} may not include MLIR")
        if halide and folder in NO_HALIDE:
            problems.append(f"{name}: {folder} may not include Halide")
        if halide and path.suffix == ".h" and folder not in HALIDE_HEADERS:
            # A private header beside its only users is named by nobody outside the folder; see below.
            users = [p for p in files if folder_of(p, root) != folder
                     and any(t == f"{folder}/{path.name}" for _, t in INCLUDE.findall(p.read_text()))]
            problems += [f"{name}: names Halide, but {user.relative_to(root)} includes it" for user in users]
        for _, target in includes:
            first = target.split("/")[0]
            if "/" not in target or first not in ALLOWED or first == folder:
                continue
            if "primitives" in name.parts and first != "support":
                problems.append(f"{name}: the primitives include nothing of ours, found {target}")
            elif folder == "support" or (first not in OPEN and first not in ALLOWED.get(folder, set())):
                problems.append(f"{name}: {folder} may not include {target}")
        if text.count("\n") > LIMIT:
            problems.append(f"{name}: {text.count(chr(10))} lines, at most {LIMIT}")
    for path in sorted((root / "runtime").rglob("*.[ch]")):
        for _, target in INCLUDE.findall(path.read_text()):
            if target.split("/")[0] in ALLOWED or target.startswith(("mlir/", "llvm/", "Halide")):
                problems.append(f"{path.relative_to(root)}: runtime may include libc only, found {target}")
    for path in sorted((root / "examples").rglob("*.[ch]*")):
        for _, target in INCLUDE.findall(path.read_text() if path.suffix in (".c", ".h", ".cpp") else ""):
            if target.split("/")[0] in ALLOWED or target in ("fasternet/abi.h", "fasternet/cuda_abi.h"):
                problems.append(f"{path.relative_to(root)}: examples see generated and runtime headers only")
    return problems


def self_test():
    planted = {
        "compiler/kernels/A.cpp": '#include "Halide.h"\n#include "mlir/IR/Value.h"\n',
        "compiler/support/B.h": '#include "dialect/FasternetOps.h"\n',
        "compiler/frontend/C.cpp": '#include "emit/Emit.h"\n',
        "runtime/src/d.c": '#include "support/Files.h"\n',
        "compiler/driver/E.cpp": "\n" * (LIMIT + 1),
    }
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in planted.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        found = check(root)
    missed = [name for name in planted if not any(p.startswith(name) for p in found)]
    return [f"planted violation not found: {name}" for name in missed]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    problems = self_test() if sys.argv[1] == "--self-test" else check(pathlib.Path(sys.argv[1]).resolve())
    print("\n".join(problems))
    sys.exit(1 if problems else 0)
