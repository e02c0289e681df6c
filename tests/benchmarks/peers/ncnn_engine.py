"""ncnn in f32, converted by pnnx. Its tensors have no batch: a batch is so many single runs."""
import os
import pathlib
import shutil
import subprocess
import sysconfig
import tempfile


def prepare(onnx_file, output):
    # The program itself: the Python package around it wants PyTorch.
    converter = os.path.join(sysconfig.get_path("purelib"), "pnnx", "pnnx")
    with tempfile.TemporaryDirectory() as folder:
        model = pathlib.Path(folder, "model.onnx")
        model.symlink_to(os.path.abspath(onnx_file))
        subprocess.run([converter, str(model), "fp16=0"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
        for suffix in (".param", ".bin"):
            shutil.move(f"{folder}/model.ncnn{suffix}", output + suffix)


def load(file, x, threads, _):
    import ncnn
    import numpy as np

    net = ncnn.Net()
    net.opt.num_threads = threads
    for option in ("fp16_packed", "fp16_storage", "fp16_arithmetic", "bf16_storage", "bf16_packed"):
        setattr(net.opt, f"use_{option}", False)
    if net.load_param(file + ".param") != 0 or net.load_model(file + ".bin") != 0:
        raise RuntimeError(f"ncnn cannot load {file}")
    images = [ncnn.Mat(image) for image in x]

    def run():
        results = []
        for image in images:
            extractor = net.create_extractor()
            extractor.input("in0", image)
            results.append(np.array(extractor.extract("out0")[1]))
        return np.stack(results)

    return run, "f32"
