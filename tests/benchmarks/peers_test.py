#!/usr/bin/env python3
"""The parts of peers.py that need no peer: table and chart of made-up results, the rows' arithmetic, the ONNX graph.

Usage: peers_test.py TEST ENVIRONMENTS     exit 0 passed, 1 failed, 77 skipped
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
from peers import chart, report  # noqa: E402
from peers.contest import quantile, relative_error  # noqa: E402
from peers.engines import BOUNDS, OURS, PEERS, by_names  # noqa: E402
from peers.models import PUBLISHED, describe  # noqa: E402

# Runs in the environment with onnx: the shape of every value of the graph, in order, as the onnx package infers it.
SHAPES = """
import sys, onnx
model = onnx.shape_inference.infer_shapes(onnx.load(sys.argv[1]), strict_mode=True)
for value in [*model.graph.input, *model.graph.value_info, *model.graph.output]:
    print(value.name, *[dim.dim_value for dim in value.type.tensor_type.shape.dim])
"""


class Failure(Exception):
    pass


def expect(found, wanted, what):
    if found != wanted:
        raise Failure(f"{what}: found {found!r}, expected {wanted!r}")


def row(engine, milliseconds, precision="f32", error=0.0):
    share = 0.72 / milliseconds
    return {"engine": engine, "precision": precision, "runs": 10, "median_ms": milliseconds,
            "p10_ms": 0.98 * milliseconds, "p90_ms": 1.05 * milliseconds, "gflops": 100 * share, "peak_gflops": 100.0,
            "share_of_peak": share, "times_ours": milliseconds / 0.8, "first_ms": 2 * milliseconds,
            "peak_memory_bytes": 20e6, "shipped_bytes": 16e6,
            "max_relative_error": error, "agrees": error <= BOUNDS[precision]}


def results():
    rows = [row("fasternetc", 0.8), row("onnxruntime", 1.2, error=1e-6), row("openvino-f32", 1.0, error=2e-4),
            row("openvino-default", 0.5, "bf16", 6e-3)]
    groups = [{"model": model, "batch": batch, "threads": threads, "rows": rows, "missing": {"mnn": "exit -11: a < b"}}
              for model in ("fasternet_t0", "tiny") for batch in (1, 8) for threads in (1, 2)]
    return {"machine": {"cpu": "A & B", "cpus": 2}, "groups": groups, "missing": {"iree": "cannot install iree: no"},
            "engines": {e.name: {"label": e.label} for e in (OURS, *PEERS)}}


def test_report():
    data = results()
    lines = report.group_lines(data, data["groups"][0])
    expect(lines[0], "fasternet_t0, batch 1, 1 thread: FMA peak 100.0 GFLOP/s", "title")
    expect(lines[2].split(), "fasternetc 0.800 0.784 0.840 1.00 90.0% 1.6 20.0 16.0 0.0e+00".split(), "our row")
    expect(lines[4].split()[-1], "DISAGREES", "the row beyond its bound")
    expect(lines[5].endswith("6.0e-03"), True, "bf16 has a bound of its own")
    expect(lines[6], "fastest f32 peer: OpenVINO, f32, 1.25 x our time", "bf16 does not count as a peer of f32")
    expect(lines[7], "missing: MNN: exit -11: a < b", "an engine that failed on the way")
    expect(report.closing_lines(data)[0], "missing: IREE: cannot install iree: no", "an engine not installed")


def test_chart():
    data = results()
    root = xml.fromstring(chart.svg(data, 8))
    name = "{http://www.w3.org/2000/svg}"
    words = [element.text for element in root.iter(name + "text")]
    for wanted in ("FasterNet-T0", "tiny", "1 thread", "2 threads", "fasternetc", "OpenVINO, default (bf16)"):
        expect(wanted in words, True, f"'{wanted}' is in the chart")
    expect(sum("0.80 ms" in word for word in words), 4, "our bars: two models at two thread counts")
    lengths = {e.get("fill"): float(e.get("width")) for e in root.iter(name + "rect")}
    ratio = lengths[chart.OURS_FILL] / lengths[chart.FASTEST_FILL]
    expect(round(ratio, 2), 1.25, "our bar beside that of the fastest f32 peer")
    edges = [float(e.get("x")) + float(e.get("width")) for e in root.iter(name + "rect")]
    expect(max(edges) <= float(root.get("width")), True, "no bar leaves the picture")
    heights = [float(e.get("y")) for e in root.iter(name + "text")]
    expect(max(heights) < float(root.get("height")), True, "no text leaves the picture")


def test_command():
    """Stored results make the same report and one chart for each batch size; a disagreement is exit 1."""
    with tempfile.TemporaryDirectory() as folder:
        stored, picture = pathlib.Path(folder, "results.json"), pathlib.Path(folder, "chart.svg")
        stored.write_text(json.dumps(results()))
        done = subprocess.run([sys.executable, HERE / "peers.py", "--from", stored, "--svg", picture],
                              capture_output=True, text=True)
        expect(done.returncode, 1, f"exit with a row that disagrees ({done.stderr})")
        expect(done.stdout.count("fastest f32 peer"), 8, "groups in the report")
        expect(sorted(p.name for p in pathlib.Path(folder).glob("*.svg")), ["chart-batch-8.svg", "chart.svg"], "charts")
        done = subprocess.run([sys.executable, HERE / "peers.py", "--models", "t9", "--threads", "1", "--fasternetc",
                               sys.executable], capture_output=True, text=True)
        expect((done.returncode, "'t9', expected one of t0, t1" in done.stderr), (1, True), "an unknown model")


def test_arithmetic():
    expect(quantile([3, 1, 2], 0.5), 2, "median")
    expect(quantile(list(range(101)), 0.9), 90, "p90")
    expect(relative_error([1.0, 2.5], [1.0, 2.0]), 0.25, "error against the largest value")
    expect(relative_error([1.0], [1.0, 2.0]), float("inf"), "another number of values")
    expect(relative_error([float("nan"), 2.0], [1.0, 2.0]), float("inf"), "not a number")
    for name in PUBLISHED:
        golden = json.loads((ROOT / f"tests/data/golden/fasternet-{name}/model.json").read_text())
        expect(describe(name), golden, f"the published description {name}")
    try:
        by_names(["onnx"])
    except ValueError as error:
        expect("onnxruntime" in str(error), True, "the refusal of an unknown engine names the known ones")
    else:
        raise Failure("an unknown engine is taken")


def test_onnx_shapes(environments):
    python = pathlib.Path(environments).absolute() / "tools/bin/python"
    if not python.is_file():
        print(f"skipped: no onnx, peers.py installs it into {python}")
        sys.exit(77)
    case, wanted = ROOT / "tests/data/golden/digits", {}
    description = describe(str(case / "model.json"))
    size = (description["image_size"] - description["patch_size"]) // description["patch_stride"] + 1
    for stage in range(len(description["depths"])):
        if stage > 0:
            size = (size - description["patch_size2"]) // description["patch_stride2"] + 1
        wanted[f"stages.{2 * stage}.blocks.0.sum"] = [1, description["embed_dim"] << stage, size, size]
    wanted["output"] = [1, description["num_classes"]]
    with tempfile.TemporaryDirectory() as folder:
        model = pathlib.Path(folder, "model.json")
        model.write_text(json.dumps(description))
        graph = pathlib.Path(folder, "model.onnx")
        subprocess.run([python, "-m", "peers.onnx_model", model, case / "weights.safetensors", graph], check=True,
                       cwd=HERE)
        lines = subprocess.run([python, "-c", SHAPES, graph], check=True, capture_output=True, text=True).stdout
        shapes = {name: list(map(int, sizes)) for name, *sizes in map(str.split, lines.splitlines())}
        expect({name: shapes.get(name) for name in wanted}, wanted, "shapes")


def main(name, environments):
    try:
        test = globals()["test_" + name.replace("-", "_")]
        test(environments) if name == "onnx-shapes" else test()
    except Failure as failure:
        print(f"{name}: {failure}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
