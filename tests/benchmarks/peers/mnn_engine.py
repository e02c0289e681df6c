"""MNN with precision high, through its module interface."""
import os
import subprocess
import sys


def prepare(onnx_file, output):
    converter = os.path.join(sys.prefix, "bin", "mnnconvert")
    subprocess.run([converter, "-f", "ONNX", "--modelFile", onnx_file, "--MNNModel", output, "--bizCode", "model"],
                   check=True, stdout=subprocess.DEVNULL)


def load(file, x, threads, _):
    import MNN.expr
    import MNN.nn

    settings = {"backend": "CPU", "numThread": threads, "precision": "high", "power": "high"}
    manager = MNN.nn.create_runtime_manager((settings,))
    module = MNN.nn.load_module_from_file(file, ["input"], ["output"], runtime_manager=manager)
    tensor = MNN.expr.const(x, list(x.shape), MNN.expr.NCHW)

    def run():
        return module.forward(tensor).read()

    return run, "f32"
