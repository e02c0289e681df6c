"""The whole run: every convolution of a shape tuned, then timed in turns with ONNX Runtime's; then the blocks."""
import os
import statistics
import sys

from peers.environment import Missing
from peers.machine import machine, pick_cores
from peers.process import Worker, WorkerFailure
from pconv.cases import block_spec, rows, shapes
from pconv.controls import Controls


def say(text):
    print(text, file=sys.stderr, flush=True)


class Refused(Exception):
    """What pconv-bench answered instead of a result."""


class Measurement:
    def __init__(self, arguments):
        self.arguments = arguments
        self.core = pick_cores(arguments.cores, 1)[-1]
        arguments.folder.mkdir(parents=True, exist_ok=True)
        self.shapes = [shape for shape in shapes(arguments.models) if shape[1] in arguments.sizes]
        self.blocks = [(model, stage) for model in arguments.blocks for stage in arguments.stages]
        self.data = {"machine": machine(), "missing": {}, "shapes": [], "blocks": [],
                     "settings": {name: getattr(arguments, name) for name in ("budget", "turns", "seconds")}}
        self.controls = None
        if not arguments.no_controls:
            try:
                self.controls = Controls(arguments.folder, self.core)
            except Missing as reason:
                self.data["missing"]["ONNX Runtime"] = str(reason)
        self.ours = Worker([arguments.program, "--target", arguments.target, "--records", arguments.records,
                            "--runner", f"taskset -c {self.core}"], os.sched_getaffinity(0))
        self.data["target"] = self.ours.ready["target"]

    def ask(self, *words):
        answer = self.ours.ask(*words)
        if "error" in answer:
            raise Refused(answer["error"])
        return answer

    def seconds_each(self):
        """Of tuning: the budget in equal parts for all kernels."""
        kernels = len(self.blocks)
        for _, size, channels in self.shapes:
            kernels += sum(len(c.texts()) for c in {row.convolution for row in rows(size, channels)[0]})
        return max(1, self.arguments.budget // max(kernels, 1)) if self.arguments.budget else 0

    def run(self):
        """Yields each shape's results, then each block's, as they come."""
        try:
            for shape in self.shapes:
                self.data["shapes"].append(self.shape(*shape))
                yield "shape", self.data["shapes"][-1]
            for model, stage in self.blocks:
                self.data["blocks"].append(self.block(model, stage))
                yield "block", self.data["blocks"][-1]
        finally:
            self.ours.close()

    def tune(self, text):
        seconds = self.seconds_each()
        if seconds:
            answer = self.ask("tune", text, seconds)
            say(f"  {text}: {answer['ms']:.4f} ms, {answer['tried']} tried"
                + (", none left" if answer["exhausted"] else ""))

    def fastest(self, convolution):
        """The form that counts, and its first measurement."""
        for text in convolution.texts():
            self.tune(text)
        return min((self.ask("measure", text) for text in convolution.texts()), key=lambda answer: answer["best_ms"])

    def shape(self, model, size, channels):
        table, missing = rows(size, channels)
        say(f"{size}x{size}, {channels} channels: tuning")
        convolutions = list(dict.fromkeys(row.convolution for row in table))
        first = {convolution: self.fastest(convolution) for convolution in convolutions}
        turns = {convolution: [] for convolution in convolutions}
        control_turns = {convolution: [] for convolution in convolutions}
        workers, failed = {}, {}
        say(f"{size}x{size}, {channels} channels: measuring")
        try:
            for convolution in convolutions if self.controls else []:
                try:
                    workers[convolution] = self.controls.start(convolution)
                except (Missing, WorkerFailure) as reason:
                    failed[convolution] = str(reason)
            for turn in range(self.arguments.turns):
                for convolution in convolutions:
                    turns[convolution].append(self.ask("measure", first[convolution]["kernel"]))
                    if convolution in workers:
                        control_turns[convolution].append(
                            self.controls.milliseconds(workers[convolution], self.arguments.seconds))
        finally:
            for worker in workers.values():
                worker.close()
        found = {convolution: result(answers) for convolution, answers in turns.items()}
        for convolution, times in control_turns.items():
            found[convolution]["control_ms"] = min(times, default=None)
            found[convolution]["control_missing"] = failed.get(convolution)
        return {"model": model, "size": size, "channels": channels, "not_made": missing,
                "rows": [{"section": row.section, "kind": row.kind, "note": row.note,
                          "channels": row.convolution.channels, "convolved": row.convolution.convolved,
                          "groups": row.convolution.groups, **found[row.convolution]} for row in table]}

    def block(self, model, stage):
        spec = block_spec(model, stage)
        say(f"{spec}: tuning and measuring")
        self.tune(spec)
        answers = [self.ask("compare", spec) for _ in range(self.arguments.turns)]
        merged = []
        for index, row in enumerate(answers[0]["rows"]):
            failed = next((a["rows"][index]["why"] for a in answers if "why" in a["rows"][index]), None)
            merged.append({"schedule": row["schedule"], "why": failed} if failed is not None else
                          {"schedule": row["schedule"], **result([a["rows"][index] for a in answers])})
        return {"model": model, "kernel": spec, "macs": answers[0]["macs"], "rows": merged}


def result(answers):
    """One row of several turns. The best window counts, as it does for the peak: what else runs on the machine only
    takes time. The median is kept beside it."""
    last, macs = answers[-1], answers[-1]["gflops"] * answers[-1]["ms"] / 2e-6
    best, peak = min(answer["best_ms"] for answer in answers), max(answer["peak_gflops"] for answer in answers)
    gflops = 2e-6 * macs / best
    row = {"parameters": last["parameters"], "ms": best, "median_ms": statistics.median(a["ms"] for a in answers),
           "gflops": gflops, "peak_gflops": peak, "share_of_peak": gflops / peak,
           "max_relative_error": max(answer["max_relative_error"] for answer in answers)}
    if "bytes" in last:
        row.update(kernel=last["kernel"], macs=last["macs"], bytes=last["bytes"],
                   gbytes_per_second=last["bytes"] / (best * 1e6))
    return row
