"""One model: our library and the peers, each run in the emulator, by the same commands as in peers.py."""
import argparse
import json
import pathlib

from instructions.emulator import Failure, command, per_run
from peers.benchmark import Benchmark
from peers.contest import read_values, relative_error
from peers.engines import BOUNDS, OURS
from peers.library import Library
from peers.models import describe, input_shape

PACKAGE_PARENT = pathlib.Path(__file__).resolve().parents[1]
COMPILER = "aarch64-linux-gnu-gcc"
# `round 0` of a worker runs twice: once for the caches, and then for at least 0 seconds, which is once.
RUNS_OF_A_ROUND = 2
# Nothing of this machine's environment: the words on the stack move with it. One thread for pools that are not told.
VARIABLES = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}


def ours(fasternetc, description, settings, folder):
    """The worker program of our library, and where its model and weights lie."""
    library = Library(fasternetc, description, settings.seed, settings.records, folder,
                      target=("aarch64", settings.tune_for), compiler=(COMPILER, "-static"))
    library.compile()
    return library, library.worker(1)


class Contest:
    def __init__(self, settings, emulator):
        self.settings, self.emulator = settings, emulator

    def measured(self, argv, output, **options):
        """Counts of one run, the worker's first reply, and the values that it computes."""
        rounds, counts = self.settings.rounds, []
        for count in (rounds, 2 * rounds):
            text = "round 0\n" * count + f"output {output}\n"
            found, replies = self.emulator.count(argv, text=text, **options)
            counts.append(found)
        return (per_run(*counts, rounds * RUNS_OF_A_ROUND), json.loads(replies.splitlines()[0]), read_values(output))

    def our_row(self, program, input_file, folder):
        counts, ready, values = self.measured([program, input_file], folder / "ours.f32", variables=VARIABLES)
        return (OURS.label, counts, 0.0, True), ready["macs"], values

    def peer_row(self, engine, root, file, input_file, shape, wanted):
        site = root.site(engine.environment, engine.packages)
        argv = [root.interpreter, "-m", "peers.worker", engine.module, "serve", file.resolve(), input_file, shape, 1,
                *([engine.option] if engine.option else [])]
        variables = {**VARIABLES, "PYTHONPATH": f"{PACKAGE_PARENT}:{site}"}
        counts, ready, values = self.measured(argv, file.parent.resolve() / f"{engine.name}.f32",
                                              root=root.folder / "root", variables=variables)
        error = relative_error(values, wanted)
        return engine.label, counts, error, error <= BOUNDS[ready["precision"]]

    def model(self, name, make_root):
        """Description, MACs of a run, rows with ours first, and (label, reason) of each peer that is missing."""
        settings, description = self.settings, {**describe(name), "batch_size": 1}
        folder = settings.folder.resolve() / description["name"]
        library, program = ours(settings.fasternetc, description, settings, folder)
        # Installs what converts the model on this machine; it measures nothing here.
        benchmark = Benchmark(argparse.Namespace(**vars(settings), threads=[1], batch=[1], cores=None, seconds=0,
                                                 starts=0))
        input_file = benchmark.write_input(description, folder)
        row, macs, values = self.our_row(program, input_file, folder)
        rows, failed = [row], dict(benchmark.missing)
        files = benchmark.convert(description, library, failed)
        shape = "x".join(map(str, input_shape(description)))
        for engine, file in files.items():
            try:
                rows.append(self.peer_row(engine, make_root(), file, input_file, shape, values))
            except Failure as reason:
                failed[engine.name] = str(reason)
        return description["name"], macs, rows, list(failed.items())
