"""Writes the ONNX graph of a convolution, several times in a row: engines that reorder a tensor for their kernels do
so at the ends of the row, as in a whole model, and the time divided by its length is that of one.

Usage: onnx_convolutions.py SIZE CHANNELS CONVOLVED GROUPS COPIED LENGTH output.onnx
"""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 20


def build(size, channels, convolved, groups, copied, length):
    """Where the rest is copied: Split, Conv, Concat, as exporters write a partial convolution; else the convolved
    channels are a tensor of their own, because no operator reads a part of one."""
    generator = np.random.default_rng(7)
    inputs = convolved // groups
    scale = np.sqrt(3.0 / (9 * inputs))  # so that values keep their size along the row
    weight = generator.uniform(-scale, scale, (convolved, inputs, 3, 3)).astype(np.float32)
    constants, nodes, x = [numpy_helper.from_array(weight, "weight")], [], "input"
    split = copied and channels > convolved
    if split:
        constants.append(numpy_helper.from_array(np.array([convolved, channels - convolved], np.int64), "sizes"))
    for i in range(length):
        out = "output" if i == length - 1 else f"x{i}"
        conv = dict(kernel_shape=[3, 3], pads=[1] * 4, group=groups)
        if split:
            nodes.append(helper.make_node("Split", [x, "sizes"], [f"first{i}", f"rest{i}"], axis=1))
            nodes.append(helper.make_node("Conv", [f"first{i}", "weight"], [f"done{i}"], **conv))
            nodes.append(helper.make_node("Concat", [f"done{i}", f"rest{i}"], [out], axis=1))
        else:
            nodes.append(helper.make_node("Conv", [x, "weight"], [out], **conv))
        x = out
    shape = [1, channels if copied else convolved, size, size]
    tensors = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in ("input", "output")]
    graph = helper.make_graph(nodes, "convolutions", tensors[:1], tensors[1:], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9,
                              producer_name="fasternetc benchmark")
    onnx.checker.check_model(model, full_check=True)
    return model


if __name__ == "__main__":
    onnx.save(build(*(int(word) for word in sys.argv[1:7])), sys.argv[7])
