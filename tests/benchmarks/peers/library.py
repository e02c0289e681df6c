"""Our side: seeded weights, the compiled library, and the worker program linked with it."""
import json
import os
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
RUNTIME = HERE.parents[2] / "runtime"


def command(*argv):
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{argv[0]}: exit {done.returncode}\n{done.stdout}{done.stderr}")


class Library:
    """One model at one batch size, compiled into `folder`. `target`: its name, and the CPU to tune for where that is
    not the target's own. `compiler`: of the worker program, with options."""

    def __init__(self, fasternetc, description, seed, records, folder, target=("host",), compiler=("cc",)):
        self.target, self.compiler = target, compiler
        self.fasternetc, self.folder = pathlib.Path(fasternetc).resolve(), pathlib.Path(folder).resolve()
        self.name, self.records = description["name"], records
        self.folder.mkdir(parents=True, exist_ok=True)
        self.model, self.weights = self.folder / "model.json", self.folder / "weights.safetensors"
        self.write_description(description, self.model)
        command(self.fasternetc, "init", self.model, "--seed", seed, "-o", self.weights)

    @staticmethod
    def write_description(description, path):
        path.write_text(json.dumps(description, indent=1))

    def compile(self):
        records = [argument for file in self.records for argument in ("--records", os.path.abspath(file))]
        command(self.fasternetc, "compile", self.model, "--weights", self.weights, "--target", self.target[0],
                *(("--tune-for", self.target[1]) if self.target[1:] else ()), "--quiet", "-o", self.folder / "library",
                "--name", "peer_model", *records)

    def worker(self, threads):
        """The program, with as much dynamic linking as a user's own has, and stripped: what would be shipped."""
        program, library = self.folder / f"worker-{threads}", self.folder / "library"
        command(*self.compiler, "-std=gnu11", "-O2", f"-I{RUNTIME}", f"-I{library}", "-DFNET_HARNESS_MODEL=peer_model",
                f"-DFNET_HARNESS_THREADS={threads}", HERE / "library_worker.c", RUNTIME / "harness/fma_peak.c",
                library / "libpeer_model.a", library / "libfasternet_runtime.a", "-lm", "-lpthread", "-s",
                "-Wl,--gc-sections", "-o", program)
        return program
