"""ONNX Runtime's own kernels for the same convolutions, so that no opponent of ours is made of straw."""
import array
import os
import pathlib
import random
import subprocess

from peers.engines import TOOLS, by_names
from peers.environment import Environments, Missing, last_line
from peers.process import Worker

PACKAGE_PARENT = pathlib.Path(__file__).resolve().parents[1]
LENGTH = 8  # convolutions in a row


class Controls:
    def __init__(self, folder, core):
        """Installs the engine; Missing says why it cannot be had."""
        self.folder, self.core = pathlib.Path(folder), core
        self.engine = by_names(["onnxruntime"])[0]
        environments = Environments(self.folder / "environments")
        self.tools = environments.python("tools", TOOLS)
        self.python = environments.python(self.engine.environment, self.engine.packages)
        self.environment = {**os.environ, "PYTHONPATH": str(PACKAGE_PARENT)}

    def start(self, convolution):
        """A sleeping process with its graph loaded."""
        c = convolution
        name = f"{c.size}-{c.channels}-{c.convolved}-{c.groups}-{int(c.copied)}"
        graph, values = self.folder / f"{name}.onnx", self.folder / f"{name}.f32"
        shape = [1, c.channels if c.copied else c.convolved, c.size, c.size]
        words = (c.size, c.channels, c.convolved, c.groups, int(c.copied), LENGTH)
        done = subprocess.run([str(word) for word in (self.tools, "-m", "pconv.onnx_convolutions", *words, graph)],
                              capture_output=True, text=True, env=self.environment)
        if done.returncode != 0:
            raise Missing(last_line(done.stderr or done.stdout))
        generator = random.Random(7)
        count = shape[1] * c.size ** 2
        values.write_bytes(array.array("f", (generator.uniform(-2, 2) for _ in range(count))).tobytes())
        try:
            worker = Worker([self.python, "-m", "peers.worker", self.engine.module, "serve", graph, values,
                             "x".join(map(str, shape)), 1], [self.core], self.environment)
        finally:
            values.unlink()
        graph.unlink()
        worker.sleep()
        return worker

    @staticmethod
    def milliseconds(worker, seconds):
        """Of one convolution: the best run of a turn."""
        worker.wake()
        times = worker.ask("round", seconds)["times_ms"]
        worker.sleep()
        return min(times) / LENGTH
