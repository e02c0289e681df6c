"""The whole run: engines installed, each model compiled and converted, one contest for each batch and thread count."""
import array
import math
import os
import pathlib
import random
import shutil
import subprocess
import sys

from peers.contest import Contest, Entrant
from peers.engines import ALONE, OURS, PEERS, TOOLS, by_names
from peers.environment import Environments, Missing, last_line
from peers.library import Library
from peers.machine import machine, pick_cores
from peers.models import describe, input_shape

PACKAGE_PARENT = pathlib.Path(__file__).resolve().parents[1]


def say(text):
    print(text, file=sys.stderr, flush=True)


class Benchmark:
    def __init__(self, arguments):
        self.arguments = arguments
        self.cores = pick_cores(arguments.cores, max(arguments.threads))
        self.descriptions = [describe(model) for model in arguments.models.split(",")]
        self.module_path = {**os.environ, "PYTHONPATH": str(PACKAGE_PARENT)}
        self.missing, self.pythons = {}, {}
        environments = Environments(arguments.folder / "environments")
        try:
            self.tools = environments.python("tools", TOOLS)
        except Missing as reason:
            raise RuntimeError(reason) from None
        for engine in by_names(arguments.engines.split(",")):
            try:
                self.pythons[engine] = environments.python(engine.environment, engine.packages,
                                                           ALONE.get(engine.environment, ()))
            except Missing as reason:
                self.missing[engine.name] = str(reason)
        self.data = {
            "machine": machine(),
            "settings": {name: getattr(arguments, name) for name in ("rounds", "seconds", "starts", "seed")},
            "engines": {e.name: {"label": e.label, "packages": list(e.packages)} for e in (OURS, *PEERS)},
            "missing": self.missing, "groups": [],
        }

    def groups(self):
        """Measures, and yields the results of each model, batch and number of threads."""
        for description in self.descriptions:
            for batch in self.arguments.batch:
                folder = self.arguments.folder / f"{description['name']}-b{batch}"
                try:
                    yield from self.batch({**description, "batch_size": batch}, folder)
                finally:
                    if not self.arguments.keep:  # ten files as large as the weights: 4 GB for L
                        shutil.rmtree(folder, ignore_errors=True)

    def batch(self, description, folder):
        name, batch = description["name"], description["batch_size"]
        say(f"{name}, batch {batch}: compiling and converting")
        library = Library(self.arguments.fasternetc, description, self.arguments.seed, self.arguments.records, folder)
        library.compile()
        input_file, failed = self.write_input(description, folder), {}
        files = self.convert(description, library, failed)
        for threads in self.arguments.threads:
            say(f"{name}, batch {batch}, {threads} thread(s): measuring")
            missing = dict(failed)
            contest = Contest(self.entrants(description, library, files, input_file, threads),
                              self.cores[-threads:], self.data["settings"], folder,
                              lambda engine, reason: missing.setdefault(engine.name, reason))
            group = {"model": name, "batch": batch, "threads": threads, "rows": contest.run(), "missing": missing}
            self.data["groups"].append(group)
            yield group

    def write_input(self, description, folder):
        generator = random.Random(self.arguments.seed)
        values = (generator.uniform(-2, 2) for _ in range(math.prod(input_shape(description))))
        path = folder / "input.f32"
        path.write_bytes(array.array("f", values).tobytes())
        return path

    def run_module(self, python, module, *argv):
        done = subprocess.run([str(a) for a in (python, "-m", f"peers.{module}", *argv)], capture_output=True,
                              text=True, env=self.module_path)
        if done.returncode != 0:
            raise Missing(last_line(done.stderr or done.stdout))

    def convert(self, description, library, failed):
        """Each engine's model file; one file serves engines that differ in options only."""
        graphs = {False: library.folder / "model.onnx", True: library.folder / "single.onnx"}
        self.run_module(self.tools, "onnx_model", library.model, library.weights, graphs[False])
        if any(engine.single for engine in self.pythons):
            single = library.folder / "single.json"
            library.write_description({**description, "batch_size": 1}, single)
            self.run_module(self.tools, "onnx_model", single, library.weights, graphs[True])
        files = {}
        for engine, python in self.pythons.items():
            graph = graphs[engine.single]
            file = library.folder / engine.file
            try:
                if file != graph and file not in files.values():
                    self.run_module(python, "worker", engine.module, "prepare", graph, file)
                files[engine] = file
            except Missing as reason:
                failed[engine.name] = f"cannot convert the model: {reason}"
        return files

    def entrants(self, description, library, files, input_file, threads):
        program = library.worker(threads)
        yield Entrant(OURS, [program, input_file], None, os.path.getsize(program))
        shape = "x".join(map(str, input_shape(description)))
        for engine, file in files.items():
            argv = [self.pythons[engine], "-m", "peers.worker", engine.module, "serve", file, input_file, shape,
                    threads, *([engine.option] if engine.option else [])]
            model_bytes = sum(os.path.getsize(file.parent / part) for part in engine.parts or (engine.file,))
            yield Entrant(engine, argv, self.module_path, model_bytes)
