"""One model, batch and number of threads: all engines in turn, and what is said about each."""
import array
import os
import statistics

from peers.engines import BOUNDS, OURS
from peers.process import Worker, WorkerFailure


class Entrant:
    """An engine that has its file: how its process is started and what is shipped with it."""

    def __init__(self, engine, argv, environment, model_bytes):
        self.engine, self.argv, self.environment, self.model_bytes = engine, argv, environment, model_bytes
        self.rounds, self.starts, self.facts = [], [], {}

    def start(self, cores):
        return Worker(self.argv, cores, self.environment)

    def measure_start(self, cores):
        """A process of its own, from its launch to its first result. What the interpreter and numpy of a peer's
        process need is told apart: a C or C++ host has neither."""
        worker = self.start(cores)
        try:
            ready = worker.ready
            process_ms = (ready["first_ns"] - worker.launched_ns) * 1e-6
            self.starts.append((process_ms, (ready["first_ns"] - ready.get("baseline_ns", worker.launched_ns)) * 1e-6))
            worker.ask("round", 0)
            self.facts.update(worker.ask("shipped"), precision=ready["precision"])
        finally:
            worker.close()


def quantile(values, share):
    """By the nearest rank, as `fasternetc bench` does."""
    return sorted(values)[int(share * (len(values) - 1) + 0.5)]


def read_values(path):
    values = array.array("f")
    with open(path, "rb") as file:
        values.frombytes(file.read())
    return values


def read_output(worker, path):
    worker.ask("output", path)
    return read_values(path)


def relative_error(found, wanted):
    if len(found) != len(wanted):
        return float("inf")
    worst = max(abs(a - b) if a == a else float("inf") for a, b in zip(found, wanted))
    return worst / max(abs(b) for b in wanted)


class Contest:
    def __init__(self, entrants, cores, settings, scratch, dropped):
        """`entrants`: ours first. `dropped(engine, reason)` is told of each one that fails on the way."""
        self.entrants, self.cores, self.settings, self.scratch = list(entrants), cores, settings, scratch
        self.dropped, self.workers, self.peak_gflops = dropped, {}, 0

    def guarded(self, entrant, action):
        """Our own failure ends the run; that of a peer only its part in it."""
        try:
            return action()
        except WorkerFailure as failure:
            if entrant.engine is OURS:
                raise
            self.dropped(entrant.engine, str(failure))
            self.entrants.remove(entrant)
            if entrant in self.workers:
                self.workers.pop(entrant).close()
            return None

    def run(self):
        for _ in range(self.settings["starts"]):
            for entrant in list(self.entrants):
                self.guarded(entrant, lambda: entrant.measure_start(self.cores))
        try:
            for entrant in list(self.entrants):
                self.guarded(entrant, lambda: self.enter(entrant))
            for index in range(self.settings["rounds"]):
                # Another one begins each time, so that nobody always follows the same neighbour.
                turn = index % len(self.entrants)
                for entrant in self.entrants[turn:] + self.entrants[:turn]:
                    self.guarded(entrant, lambda: self.round(entrant))
        finally:
            for worker in self.workers.values():
                worker.close()
        return [self.row(entrant) for entrant in self.entrants]

    def enter(self, entrant):
        worker = self.workers[entrant] = entrant.start(self.cores)
        entrant.output = read_output(worker, os.path.join(self.scratch, f"{entrant.engine.name}.f32"))
        worker.sleep()

    def round(self, entrant):
        worker = self.workers[entrant]
        worker.wake()
        entrant.rounds.append(worker.ask("round", self.settings["seconds"])["times_ms"])
        if entrant.engine is OURS:
            self.peak_gflops = max(self.peak_gflops, worker.ask("peak")["peak_gflops"])
            self.macs = worker.ready["macs"]
        worker.sleep()

    def times_ours(self, entrant):
        """The median over the rounds of the ratio of medians: what slows a whole round down leaves it alone."""
        medians = [[statistics.median(times) for times in e.rounds] for e in (entrant, self.entrants[0])]
        return statistics.median(theirs / ours for theirs, ours in zip(*medians))

    def row(self, entrant):
        facts, times = entrant.facts, sum(entrant.rounds, [])
        median = statistics.median(times)
        error = relative_error(entrant.output, self.entrants[0].output)
        gflops = 2 * self.macs / (median * 1e6)
        libraries = sum(os.path.getsize(path) for path in facts["libraries"])
        return {
            "engine": entrant.engine.name, "precision": facts["precision"], "runs": len(times),
            "median_ms": median, "p10_ms": quantile(times, 0.1), "p90_ms": quantile(times, 0.9),
            "times_ours": self.times_ours(entrant), "gflops": gflops, "peak_gflops": self.peak_gflops,
            "share_of_peak": gflops / self.peak_gflops,
            "first_ms": statistics.median(engine for _, engine in entrant.starts),
            "first_with_interpreter_ms": statistics.median(process for process, _ in entrant.starts),
            "peak_memory_bytes": 1024 * (facts["peak_kib"] - facts["baseline_kib"]),
            "peak_memory_with_interpreter_bytes": 1024 * facts["peak_kib"],
            "shipped_code_bytes": libraries, "shipped_model_bytes": entrant.model_bytes,
            "shipped_bytes": libraries + entrant.model_bytes,
            "max_relative_error": error, "agrees": error <= BOUNDS.get(facts["precision"], BOUNDS["f32"]),
        }
