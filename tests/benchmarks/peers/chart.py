"""The chart of a benchmark's results at one batch size: a column for each number of threads, a group of bars for each
model, bars as long as the share of the FMA peak. It brings its own background: it is read on light and dark pages.
"""
from xml.sax.saxutils import escape

from peers.engines import OURS
from peers.models import PUBLISHED
from peers.report import fastest_peer, labels

WIDTH, MARGIN, LABELS, GAP = 960, 20, 150, 28
BAR, STEP, GROUP_GAP, HEADER, FOOTER = 14, 18, 34, 104, 58
INK, SOFT, GRID, PAPER = "#1f2937", "#6b7280", "#e5e7eb", "#ffffff"
OURS_FILL, PEER_FILL, FASTEST_FILL, REDUCED_FILL = "#0f766e", "#b4bfcc", "#5b6b80", "#f3f5f8"
NUMBERS = 110  # room for a bar's numbers


def text(x, y, words, size=12, fill=INK, anchor="start", weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" text-anchor="{anchor}" '
            f'font-weight="{weight}">{escape(words)}</text>')


def rectangle(x, y, width, height, fill, **more):
    extra = "".join(f' {key}="{value}"' for key, value in more.items())
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" fill="{fill}"{extra}/>'


def line(x, top, bottom, stroke, dashes=""):
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{bottom:.1f}" stroke="{stroke}"{dashed}/>'


def milliseconds(value):
    return f"{value:.2f} ms" if value < 10 else f"{value:.1f} ms" if value < 100 else f"{value:.0f} ms"


def model_title(name):
    published = name.removeprefix("fasternet_")
    return f"FasterNet-{published.upper()}" if published in PUBLISHED else name


def colours(row, fastest):
    """Of the bar, and of words on it. A bar of reduced precision is an outline: the f32 peak is not its measure."""
    if row["precision"] != "f32":
        return REDUCED_FILL, INK
    if row["engine"] == OURS.name:
        return OURS_FILL, PAPER
    return (FASTEST_FILL, PAPER) if row is fastest else (PEER_FILL, INK)


def bar(row, fastest, left, y, scale):
    """One engine's bar, with its numbers inside the bar's end where they fit."""
    length = row["share_of_peak"] * scale
    fill, ink = colours(row, fastest)
    outline = {"stroke": PEER_FILL, "stroke-dasharray": "4 2"} if fill == REDUCED_FILL else {}
    words = f"{milliseconds(row['median_ms'])} · {row['share_of_peak']:.0%}"
    weight = "bold" if row["engine"] == OURS.name else "normal"
    inside = length > NUMBERS
    return [rectangle(left, y, length, BAR, fill, rx=2, **outline),
            text(left + length - 6, y + 11, words, 11, ink, "end", weight) if inside
            else text(left + length + 6, y + 11, words, 11, INK, weight=weight)]


def row_label(data, name, groups):
    precisions = {row["precision"] for group in groups for row in group["rows"] if row["engine"] == name}
    reduced = sorted(precisions - {"f32"})
    return labels(data)[name] + (f" ({reduced[0]})" if reduced else "")


class Chart:
    def __init__(self, data, batch):
        self.data, self.batch = data, batch
        self.groups = [group for group in data["groups"] if group["batch"] == batch]
        self.threads = sorted({group["threads"] for group in self.groups})
        self.models = list(dict.fromkeys(group["model"] for group in self.groups))
        present = {row["engine"] for group in self.groups for row in group["rows"]}
        self.engines = [name for name in data["engines"] if name in present]
        self.column = (WIDTH - 2 * MARGIN - LABELS - GAP * (len(self.threads) - 1)) / len(self.threads)
        longest = max(row["share_of_peak"] for group in self.groups for row in group["rows"])
        self.scale = self.column / max(1.04, longest)
        self.block = len(self.engines) * STEP + GROUP_GAP
        self.height = HEADER + len(self.models) * self.block + FOOTER

    def left(self, threads):
        return MARGIN + LABELS + self.threads.index(threads) * (self.column + GAP)

    def group_of(self, model, threads):
        return next((g for g in self.groups if g["model"] == model and g["threads"] == threads), None)

    def columns(self):
        top, bottom = HEADER - 6, self.height - FOOTER - 8
        for threads in self.threads:
            left = self.left(threads)
            yield text(left, HEADER - 30, f"{threads} thread" + ("s" if threads > 1 else ""), 13, weight="bold")
            for share in (0, 0.25, 0.5, 0.75, 1):
                x = left + share * self.scale
                yield line(x, top, bottom, SOFT if share == 1 else GRID, "3 3" if share == 1 else "")
                yield text(x, HEADER - 12, f"{share:.0%}", 10, SOFT, "middle")

    def model_bars(self, model, top):
        groups = [group for group in self.groups if group["model"] == model]
        yield text(MARGIN, top + 12, model_title(model), 13, weight="bold")
        for index, name in enumerate(self.engines):
            y = top + 20 + index * STEP
            ours = name == OURS.name
            yield text(MARGIN + LABELS - 10, y + 11, row_label(self.data, name, groups), 11,
                       OURS_FILL if ours else INK, "end", "bold" if ours else "normal")
            for group in groups:
                left = self.left(group["threads"])
                row = next((row for row in group["rows"] if row["engine"] == name), None)
                if row is None:
                    yield text(left + 6, y + 11, "missing", 11, SOFT)
                else:
                    yield from bar(row, fastest_peer(group), left, y, self.scale)

    def parts(self):
        yield rectangle(0, 0, WIDTH, self.height, PAPER, rx=8)
        batch = "one image" if self.batch == 1 else f"batches of {self.batch}"
        yield text(MARGIN, 30, f"FasterNet inference, {batch}: share of the f32 multiply-add peak", 17, weight="bold")
        yield text(MARGIN, 48, "longer is faster; with the median time", 12, SOFT)
        yield from self.columns()
        for index, model in enumerate(self.models):
            yield from self.model_bars(model, HEADER + index * self.block)
        foot = self.height - FOOTER + 14
        yield text(MARGIN, foot, self.data["machine"]["cpu"] + ". All engines in turn in one run, pinned, f32 unless "
                   "marked; dark grey: the fastest f32 peer.", 11, SOFT)
        yield text(MARGIN, foot + 16, "Outlined: computes with fewer bits, which the f32 peak does not bound.", 11, SOFT)

    def svg(self):
        body = "\n".join(self.parts())
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{self.height}" '
                f'viewBox="0 0 {WIDTH} {self.height}" font-family="system-ui, -apple-system, Segoe UI, Helvetica, '
                f'Arial, sans-serif">\n{body}\n</svg>\n')


def svg(data, batch):
    return Chart(data, batch).svg()
