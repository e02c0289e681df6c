"""The chart of the benchmark: for each shape the kinds at equal FLOPs and the partial ratios; on the left the share of
the FMA peak, on the right the time, ours and ONNX Runtime's below it.
"""
from peers.chart import GRID, INK, MARGIN, OURS_FILL, PAPER, PEER_FILL, SOFT, WIDTH, line, rectangle, text
from pconv.cases import EQUAL, RATIO
from pconv.report import sections

LABELS, GAP, BAR, STEP, HEADER, TITLE, FOOTER = 150, 130, 9, 24, 84, 30, 44
COLUMN = (WIDTH - 2 * MARGIN - LABELS - 2 * GAP) / 2
OTHER_FILL = "#5b6b80"


def titles(shape):
    return [(f"{shape['size']}x{shape['size']}, {shape['channels']} channels, {section}", rows)
            for section, rows in sections(shape).items() if section in (EQUAL, RATIO)]


def bars(row, left, y, share_scale, time_scale):
    ours = OURS_FILL if row["kind"].startswith("partial") else OTHER_FILL
    right = left + COLUMN + GAP
    yield rectangle(left, y, row["share_of_peak"] * share_scale, BAR, ours, rx=2)
    yield text(left + max(row["share_of_peak"], 1) * share_scale + 7, y + 8.5,
               f"{row['gflops']:.0f} GFLOP/s · {row['share_of_peak']:.0%}", 10)
    yield rectangle(right, y, row["ms"] * time_scale, BAR, ours, rx=2)
    yield text(right + row["ms"] * time_scale + 5, y + 8.5, f"{row['ms']:.3f} ms", 10)
    control = row.get("control_ms")
    if control:
        share = row["share_of_peak"] * row["ms"] / control
        yield rectangle(left, y + BAR + 1, share * share_scale, BAR - 3, PEER_FILL, rx=2)
        yield rectangle(right, y + BAR + 1, control * time_scale, BAR - 3, PEER_FILL, rx=2)


def group(title, rows, top):
    left, bottom = MARGIN + LABELS, top + TITLE + len(rows) * STEP - 4
    longest = max(max(row["ms"], row.get("control_ms") or 0) for row in rows)
    share_scale, time_scale = COLUMN, COLUMN / longest
    yield text(MARGIN, top + 14, title, 13, weight="bold")
    for share in (0, 0.5, 1):
        yield line(left + share * share_scale, top + TITLE - 8, bottom, SOFT if share == 1 else GRID,
                   "3 3" if share == 1 else "")
    for index, row in enumerate(rows):
        y = top + TITLE + index * STEP
        yield text(left - 10, y + 9, row["kind"], 11, INK, "end")
        yield from bars(row, left, y, share_scale, time_scale)


def svg(data):
    """Needs at least one shape."""
    groups = [pair for shape in data["shapes"] for pair in titles(shape)]
    height = HEADER + sum(TITLE + len(rows) * STEP + 16 for _, rows in groups) + FOOTER
    parts = [rectangle(0, 0, WIDTH, height, PAPER, rx=8),
             text(MARGIN, 30, "3x3 convolutions, one thread: achieved share of the FMA peak, and time", 17,
                  weight="bold"),
             text(MARGIN, 48, "Dark: ours, every kind tuned; green is partial. Pale below it: ONNX Runtime.", 12, SOFT),
             text(MARGIN + LABELS, HEADER - 12, "share of the FMA peak, dashed: all of it", 11, SOFT),
             text(MARGIN + LABELS + COLUMN + GAP, HEADER - 12, "time, shorter is faster", 11, SOFT)]
    top = HEADER
    for title, rows in groups:
        parts += group(title, rows, top)
        top += TITLE + len(rows) * STEP + 16
    parts.append(text(MARGIN, height - 18, f"{data['machine']['cpu']}, target {data['target']}.", 11, SOFT))
    body = "\n".join(parts)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
            f'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif">\n{body}\n</svg>\n')
