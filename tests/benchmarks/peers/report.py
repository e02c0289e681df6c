"""The table of a benchmark's results, as text."""

COLUMNS = ("engine", "median ms", "p10", "p90", "x ours", "peak", "first ms", "memory MB", "shipped MB", "error")

# Ratio of p90 to p10 from which a row is marked: in quiet runs most rows lie between 1.04 and 1.15.
NOISY = 1.25


def labels(data):
    return {name: engine["label"] for name, engine in data["engines"].items()}


def engine_label(data, row):
    return labels(data)[row["engine"]] + (f" ({row['precision']})" if row["precision"] != "f32" else "")


def cells(data, row):
    return (engine_label(data, row), f"{row['median_ms']:.3f}", f"{row['p10_ms']:.3f}", f"{row['p90_ms']:.3f}",
            f"{row['times_ours']:.2f}", f"{row['share_of_peak']:.1%}", f"{row['first_ms']:.1f}",
            f"{row['peak_memory_bytes'] / 1e6:.1f}", f"{row['shipped_bytes'] / 1e6:.1f}",
            f"{row['max_relative_error']:.1e}" + ("" if row["agrees"] else " DISAGREES"))


def group_title(group):
    threads = f"{group['threads']} thread" + ("s" if group["threads"] > 1 else "")
    return f"{group['model']}, batch {group['batch']}, {threads}"


def table(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) if column == 0 else cell.rjust(width)
                      for column, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in rows]


def fastest_peer(group):
    peers = [row for row in group["rows"][1:] if row["precision"] == "f32"]
    return min(peers, key=lambda row: row["times_ours"], default=None)


def group_lines(data, group):
    ours = group["rows"][0]
    lines = [f"{group_title(group)}: FMA peak {ours['peak_gflops']:.1f} GFLOP/s"]
    lines += table([COLUMNS] + [cells(data, row) for row in group["rows"]])
    peer = fastest_peer(group)
    if peer:
        lines.append(f"fastest f32 peer: {labels(data)[peer['engine']]}, "
                     f"{peer['times_ours']:.2f} x our time")
    noisy = [f"{labels(data)[row['engine']]} {row['p90_ms'] / row['p10_ms']:.2f}" for row in group["rows"]
             if row["p90_ms"] > NOISY * row["p10_ms"]]
    if noisy:
        lines.append(f"noisy, p90 / p10: {'; '.join(noisy)}")
    lines += [f"missing: {labels(data).get(name, name)}: {reason}" for name, reason in group["missing"].items()]
    return lines


NOTES = """\
median, p10, p90: of all runs, in rounds in turn over the engines; plain NCHW in, plain output back. The peers are
called from Python, which costs 1 to 10 us a call (measured with a model of one Relu of 8 values).
x ours: the median over the rounds of the ratio to our median of the same round.
peak: 2 x multiply-accumulates of the published model / median, over the f32 FMA peak measured in the same rounds.
first: from the process's start to its first result, less the start of Python and numpy in the peers' processes.
memory: peak resident memory of that process, less that of Python and numpy.
shipped: libraries that the engine loaded, and its model file; ours is the stripped program.
error: max|output - ours| / max|ours|, same input and weights."""


def header_line(data):
    return f"{data['machine']['cpu']}, {data['machine']['cpus']} CPUs"


def closing_lines(data):
    return [f"missing: {labels(data).get(name, name)}: {reason}"
            for name, reason in data["missing"].items()] + NOTES.splitlines()
