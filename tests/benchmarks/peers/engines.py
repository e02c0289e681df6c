"""The engines that are compared, in the order of the table."""
import dataclasses

# Largest max|out - ours| / max|ours|, by the precision an engine says it computed with: f32 is the rounding of some
# fifty layers in another order (an engine with an approximate GELU takes most of it); bf16 keeps 8 bits, f16 11.
BOUNDS = {"f32": 1e-4, "f16": 5e-3, "bf16": 5e-2}


@dataclasses.dataclass(frozen=True)
class Engine:
    name: str
    label: str
    module: str = ""  # of this folder; ours has none
    environment: str = ""  # name of the virtual environment
    packages: tuple = ()
    file: str = "model.onnx"  # anything else is made by the module's prepare
    parts: tuple = ()  # the files behind that name, where it is not one file
    single: bool = False  # its tensors have no batch
    option: str = ""


OURS = Engine("fasternetc", "fasternetc")
_OPENVINO = dict(module="openvino_engine", environment="openvino", packages=("openvino==2026.4.1", "numpy==2.4.6"),
                 file="model.xml", parts=("model.xml", "model.bin"))
PEERS = (
    Engine("onnxruntime", "ONNX Runtime", "onnxruntime_engine", "onnxruntime", ("onnxruntime==1.32.0", "numpy==2.4.6")),
    Engine("openvino-f32", "OpenVINO, f32", option="f32", **_OPENVINO),
    Engine("mnn", "MNN", "mnn_engine", "mnn", ("MNN==3.6.1", "numpy==2.4.6"), file="model.mnn"),
    Engine("ncnn", "ncnn", "ncnn_engine", "ncnn", ("ncnn==1.0.20261020", "numpy==2.4.6"), file="ncnn",
           parts=("ncnn.param", "ncnn.bin"), single=True),
    Engine("iree", "IREE", "iree_engine", "iree", ("iree-base-compiler==3.13.0", "iree-base-runtime==3.13.0",
                                                   "onnx==1.23.2", "numpy==2.4.6"), file="model.vmfb"),
    Engine("openvino-default", "OpenVINO, default", option="default", **_OPENVINO),
)
# Packages without what they depend on: pnnx wants PyTorch for its Python interface, which is not used.
ALONE = {"ncnn": ("pnnx==20261020",)}
# Where the ONNX graph is made.
TOOLS = ("onnx==1.23.2", "safetensors==0.8.0", "numpy==2.4.6")


def by_names(names):
    known = {engine.name: engine for engine in PEERS}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ValueError(f"--engines: found '{unknown[0]}', expected some of {', '.join(known)}")
    return [known[name] for name in names]
