#!/usr/bin/env python3
"""The parts of pconv.py that measure nothing: which convolutions are compared, table and chart, the command's checks.

Usage: pconv_test.py TEST     exit 0 passed, 1 failed
"""
import math
import pathlib
import subprocess
import sys
import xml.etree.ElementTree as xml

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from pconv import cases, chart, report  # noqa: E402
from pconv.measurement import result  # noqa: E402
from peers.models import PUBLISHED  # noqa: E402


class Failure(Exception):
    pass


def expect(found, wanted, what):
    if found != wanted:
        raise Failure(f"{what}: found {found!r}, expected {wanted!r}")


def test_cases():
    """Equal FLOPs are equal, or the row says why not; nothing but that may be missing."""
    shapes = cases.shapes(PUBLISHED)
    expect(len(shapes), 4 * len(PUBLISHED), "shapes")
    expect(shapes[0], ("t0", 56, 40), "the first shape")
    for _, size, channels in shapes:
        rows, missing = cases.rows(size, channels)
        wanted = size ** 2 * 9 * (channels // 4) ** 2
        for row in rows:
            c = row.convolution
            expect(c.convolved % c.groups, 0, f"{row}: remainder of the groups")
            if row.section == cases.EQUAL and not row.note.startswith("bounded") and "FLOPs" not in row.note:
                expect(c.macs(), wanted, f"{row}: MACs")
            if row.section == cases.EQUAL and row.kind == "depthwise":
                expect(4 * c.channels * size ** 2 <= cases.LIMIT, True, f"{row}: within the limit")
                expect(c.channels % 8, 0, f"{row}: channels in eights")
        expect(missing, ["16 groups of 40 channels"] if channels == 40 else [], f"missing at {channels} channels")
    expect(cases.depthwise_of_equal_flops(56, 24), (576, ""), "depthwise of 24 partial channels")
    expect(cases.depthwise_of_equal_flops(56, 10), (104, "+4% FLOPs"), "depthwise of 10 partial channels")
    expect(cases.depthwise_of_equal_flops(7, 384)[1], "bounded: 147456 channels have the FLOPs", "a bound")
    expect(cases.Convolution(56, 96, 24).texts(), ["conv3x3-56x56-c96-p24-g1"], "a partial one's name")
    expect(cases.Convolution(7, 96, 96, 16).texts(), ["conv3x3-7x7-c96-p96-g16", "conv3x3-7x7-c96-p96-g16-across"],
           "both forms of groups")
    expect(cases.Convolution(7, 96, 96, 96).texts(), ["conv3x3-7x7-c96-p96-g96-across"], "depthwise")
    expect(cases.block_spec("t0", 2), "block-n1-14x14-c160-p40-h320-gelu-f32-w32", "a block")


def answer(milliseconds, macs=16257024, peak=100.0):
    gflops = 2e-6 * macs / milliseconds
    return {"kernel": "k", "parameters": "p", "macs": macs, "bytes": 622848, "max_relative_error": 1e-7,
            "ms": milliseconds, "best_ms": milliseconds, "gflops": gflops, "peak_gflops": peak,
            "share_of_peak": gflops / peak}


def test_arithmetic():
    row = result([answer(0.5), answer(0.4, peak=120.0), answer(0.9)])
    expect((row["ms"], row["median_ms"]), (0.4, 0.5), "best and median of the turns")
    gflops = 2e-6 * 16257024 / 0.4
    expect(math.isclose(row["gflops"], gflops), True, "GFLOP/s of the best")
    expect(math.isclose(row["share_of_peak"], gflops / 120), True, "share of the best peak")
    expect(math.isclose(row["gbytes_per_second"], 622848 / 0.4e6), True, "GB/s of the best")


def results():
    table, missing = cases.rows(56, 40)
    rows = [{"section": row.section, "kind": row.kind, "note": row.note, "channels": row.convolution.channels,
             "convolved": row.convolution.convolved, "groups": row.convolution.groups, "control_ms": 0.6,
             "control_missing": None, **result([answer(0.3)])} for row in table]
    rows[1].update(control_ms=None, control_missing="exit 1: a < b")
    blocks = [{"kernel": "block", "macs": 1e6, "rows": [{"schedule": "tuned", **result([answer(0.4)])},
                                                        {"schedule": "Adams2019", "why": "no & never"}]}]
    return {"machine": {"cpu": "A & B", "cpus": 2}, "target": "x86-64-v3", "missing": {"ONNX Runtime": "gone"},
            "shapes": [{"model": "t0", "size": 56, "channels": 40, "not_made": missing, "rows": rows}],
            "blocks": blocks}


def test_report():
    data = results()
    lines = report.lines("shape", data["shapes"][0])
    expect(lines[0], "56x56, 40 channels (FasterNet-T0): FMA peak 100.0 GFLOP/s", "title")
    for wanted in ("-- equal FLOPs", "-- same channels", "-- partial ratio",
                   "not made: 16 groups of 40 channels: the channels do not divide",
                   "missing: ONNX Runtime: exit 1: a < b"):
        expect(wanted in lines, True, wanted)
    partial = next(line for line in lines if line.startswith("partial 1/4 "))
    for word in ("10 of 40", "0.3000", "108.4", "2.00", "the rest is not touched"):
        expect(word in partial, True, f"{word} in {partial}")
    block = "\n".join(report.lines("block", data["blocks"][0]))
    expect("no & never" in block and "1.00" in block, True, f"a block's rows in {block}")
    expect(report.header_lines(data)[1], "missing: ONNX Runtime: gone", "what is missing")


def test_chart():
    data = results()
    tree = xml.fromstring(chart.svg(data))
    texts = [element.text for element in tree.iter("{http://www.w3.org/2000/svg}text")]
    expect(any("A & B" in text for text in texts), True, "the CPU's name")
    bars = [e for e in tree.iter("{http://www.w3.org/2000/svg}rect") if e.get("height") == f"{chart.BAR:.1f}"]
    drawn = [row for row in data["shapes"][0]["rows"] if row["section"] != cases.SAME]
    expect(len(bars), 2 * len(drawn), "bars of ours")
    # A character of these labels is less than 5.6 wide.
    dashed, right = (chart.MARGIN + chart.LABELS + chart.COLUMN + gap for gap in (0, chart.GAP))
    for element in tree.iter("{http://www.w3.org/2000/svg}text"):
        if "GFLOP/s" in element.text:
            begin = float(element.get("x"))
            expect(dashed < begin and begin + 5.6 * len(element.text) < right, True, f"room for {element.text}")


def test_command():
    for words in (["--models", "t9"], ["--sizes", "57"], ["--budget", "soon"], ["--turns", "0"],
                  ["--program", "/nowhere"]):
        done = subprocess.run([sys.executable, HERE / "pconv.py", *words], capture_output=True, text=True)
        expect(done.returncode, 2, f"exit status with {words}")
        expect("found" in done.stderr, True, f"what was found, in {done.stderr}")


if __name__ == "__main__":
    try:
        globals()[f"test_{sys.argv[1].replace('-', '_')}"]()
    except Failure as failure:
        sys.exit(str(failure))
