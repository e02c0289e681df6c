"""The tables of the benchmark of the partial convolution, as text."""
from peers.report import table

COLUMNS = ("kind", "channels", "groups", "MMAC", "ms", "GFLOP/s", "peak", "MB", "GB/s", "ORT ms", "ORT / ours")


def channels(row):
    return str(row["channels"]) if row["convolved"] == row["channels"] else f"{row['convolved']} of {row['channels']}"


def cells(row):
    control = row.get("control_ms")
    return (row["kind"], channels(row), str(row["groups"]), f"{row['macs'] / 1e6:.2f}", f"{row['ms']:.4f}",
            f"{row['gflops']:.1f}", f"{row['share_of_peak']:.1%}", f"{row['bytes'] / 1e6:.2f}",
            f"{row['gbytes_per_second']:.1f}", f"{control:.4f}" if control else "missing",
            f"{control / row['ms']:.2f}" if control else "")


def sections(shape):
    found = {}
    for row in shape["rows"]:
        found.setdefault(row["section"], []).append(row)
    return found


def shape_lines(shape):
    lines = [f"{shape['size']}x{shape['size']}, {shape['channels']} channels (FasterNet-{shape['model'].upper()}): "
             f"FMA peak {shape['rows'][0]['peak_gflops']:.1f} GFLOP/s"]
    body = table([COLUMNS] + [cells(row) for row in shape["rows"]])
    lines.append(body[0])
    rest = iter(body[1:])
    for section, rows in sections(shape).items():
        lines.append(f"-- {section}")
        lines += [(next(rest).ljust(len(body[0])) + "  " + row["note"]).rstrip() for row in rows]
    lines += [f"not made: {text}: the channels do not divide" for text in shape["not_made"]]
    reasons = {row["control_missing"] for row in shape["rows"] if row.get("control_missing")}
    lines += [f"missing: ONNX Runtime: {reason}" for reason in sorted(reasons)]
    return lines


def block_lines(block):
    rows = [("schedule", "ms", "GFLOP/s", "peak", "x tuned", "error")]
    tuned = next((row["ms"] for row in block["rows"] if row["schedule"] == "tuned" and "ms" in row), None)
    for row in block["rows"]:
        if row.get("why") is not None:
            rows.append((row["schedule"], "none", "", "", "", row["why"]))
        else:
            rows.append((row["schedule"], f"{row['ms']:.4f}", f"{row['gflops']:.1f}", f"{row['share_of_peak']:.1%}",
                         f"{row['ms'] / tuned:.2f}" if tuned else "", f"{row['max_relative_error']:.1e}"))
    return [block["kernel"]] + table(rows)


def lines(kind, result):
    return shape_lines(result) if kind == "shape" else block_lines(result)


def header_lines(data):
    first = f"{data['machine']['cpu']}, {data['machine']['cpus']} CPUs; one thread, pinned; target {data['target']}"
    return [first] + [f"missing: {name}: {reason}" for name, reason in data["missing"].items()]


NOTES = """\
All convolutions are 3x3 with stride 1 and a border of zeros, in float32, in the direct form. Every one is called again
and again on the same tensors: what fits the caches is found there, for ours and for ONNX Runtime's.
equal FLOPs: all do the multiply-accumulates of the partial convolution of a quarter of the channels (but for notes).
same channels: FLOPs differ; GFLOP/s compare. partial ratio: the same tensor, less and less of it convolved.
partial: reads its channels in place and writes them alone, as inside a fused block; copied: all channels are copied
first, as the published model does it for inference.
GFLOP/s: 2 x MACs / ms; ms is the best window of 2 ms of all turns, ORT's the best run.
peak: share of the FMA peak, the best window measured in the same programs.
MB: what must move at least once: input and output channels, weights. GB/s: that over ms, from whatever cache.
group, 16: the better of channels of a group in a vector and of one channel of each of 16 groups in a vector, which
stands for a compiler that is free to order channels between layers. ONNX Runtime has the order of the ONNX standard.
ORT ms: ONNX Runtime's time for eight in a row by eight. It has no partial convolution in place: a tensor of its own
holds the channels; copied is Split, Conv, Concat there.
Blocks: FasterNet's fused block, scheduled by default, by the tuner, and by Halide's Adams2019 for one thread."""


def closing_lines():
    return NOTES.splitlines()
