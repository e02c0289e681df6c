"""Writes the ONNX graph of a model description with the weights of a published-key safetensors file.

The graph is what exporters make of the published model in eval mode: norms folded into the convolution before them,
the partial convolution as Split, Conv, Concat. GELU is the operator of that name, not the chain around Erf that older
exporters write: on T0, ONNX Runtime and OpenVINO take the same time for both, MNN 2.6 times as long for the chain.

Usage: onnx_model.py model.json weights.safetensors output.onnx
"""
import json
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

from peers.models import input_shape

EPSILON = 1e-5  # of the published model's norms
OPSET = 20  # the first with Gelu


class Graph:
    def __init__(self, weights):
        self.weights = weights
        self.nodes, self.initializers = [], []

    def constant(self, name, array):
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, operator, inputs, name, outputs=1, **attributes):
        names = [name] if outputs == 1 else [f"{name}.{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(operator, inputs, names, name=name, **attributes))
        return name if outputs == 1 else names

    def folded(self, key, norm):
        """Weight and bias of the convolution `key` with the norm of that prefix behind it."""
        weight = self.weights[f"{key}.weight"].astype(np.float64)
        if norm is None:
            return weight.astype(np.float32), None
        gamma, beta, mean, variance = (self.weights[f"{norm}.{part}"].astype(np.float64)
                                       for part in ("weight", "bias", "running_mean", "running_var"))
        scale = gamma / np.sqrt(variance + EPSILON)
        return (weight * scale[:, None, None, None]).astype(np.float32), (beta - mean * scale).astype(np.float32)

    def convolution(self, x, key, norm=None, stride=1, padding=0, output_scale=None):
        weight, bias = self.folded(key, norm)
        if output_scale is not None:
            weight = weight * output_scale[:, None, None, None]
        inputs = [x, self.constant(f"{key}.weight", weight)]
        if bias is not None:
            inputs.append(self.constant(f"{key}.bias", bias))
        return self.node("Conv", inputs, key, kernel_shape=list(weight.shape[2:]), strides=[stride] * 2,
                         pads=[padding] * 4)

    def activation(self, x, kind, name):
        return self.node({"RELU": "Relu", "GELU": "Gelu"}[kind], [x], name)

    def block(self, x, prefix, dim, description):
        partial = dim // description["n_div"]
        sizes = self.constant(f"{prefix}.sizes", np.array([partial, dim - partial], np.int64))
        first, rest = self.node("Split", [x, sizes], f"{prefix}.split", outputs=2, axis=1)
        first = self.convolution(first, f"{prefix}.spatial_mixing.partial_conv3", padding=1)
        y = self.node("Concat", [first, rest], f"{prefix}.concat", axis=1)
        y = self.convolution(y, f"{prefix}.mlp.0", f"{prefix}.mlp.1")
        y = self.activation(y, description["act_layer"], f"{prefix}.mlp.2")
        y = self.convolution(y, f"{prefix}.mlp.3", output_scale=self.weights.get(f"{prefix}.layer_scale"))
        return self.node("Add", [x, y], f"{prefix}.sum")

    def network(self, description):
        norm = "patch_embed.norm" if description["patch_norm"] else None
        x = self.convolution("input", "patch_embed.proj", norm, description["patch_stride"])
        for stage, depth in enumerate(description["depths"]):
            dim = description["embed_dim"] << stage
            if stage > 0:
                merge = f"stages.{2 * stage - 1}"
                x = self.convolution(x, f"{merge}.reduction", f"{merge}.norm", description["patch_stride2"])
            for index in range(depth):
                x = self.block(x, f"stages.{2 * stage}.blocks.{index}", dim, description)
        x = self.node("GlobalAveragePool", [x], "avgpool_pre_head.0")
        x = self.convolution(x, "avgpool_pre_head.1")
        x = self.activation(x, description["act_layer"], "avgpool_pre_head.2")
        x = self.node("Flatten", [x], "flatten", axis=1)
        if description["num_classes"] > 0:
            inputs = [x] + [self.constant(f"head.{part}", self.weights[f"head.{part}"]) for part in ("weight", "bias")]
            self.node("Gemm", inputs, "head", transB=1)


def build(description, weights):
    graph = Graph(weights)
    graph.network(description)
    values = description["num_classes"] if description["num_classes"] > 0 else description["feature_dim"]
    graph.nodes[-1].output[0] = "output"
    shape = input_shape(description)
    proto = helper.make_graph(
        graph.nodes, description["name"], [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [shape[0], values])], graph.initializers)
    # The IR version of that opset: newer ones only shut out older engines.
    model = helper.make_model(proto, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9,
                              producer_name="fasternetc benchmark")
    onnx.checker.check_model(model, full_check=True)
    return model


def main(description, weights, output):
    with open(description) as file:
        onnx.save(build(json.load(file), load_file(weights)), output)


if __name__ == "__main__":
    main(*sys.argv[1:])
