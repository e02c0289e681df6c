"""The table of counted instructions, as text."""
from peers.report import table

COLUMNS = ("engine", "instructions", "per MAC", "multiply-adds", "per MAC", "loads, stores", "registers", "x ours", "error")

NOTES = """\
Millions of executed instructions for one image; start-up and loading are subtracted. multiply-adds: vector fmla and
fmls, of up to four lanes, so that 0.25 per MAC is the least without a transform such as Winograd's. MAC: of the published
model. registers: vector registers that the loads and stores move, up to four by one instruction. The counts say nothing
about caches and pipelines, and are no times."""


def row(label, counts, macs, ours, error, agrees):
    millions = 1e-6
    return (label, f"{counts.instructions * millions:.1f}", f"{counts.instructions / macs:.3f}",
            f"{counts.multiply_adds * millions:.1f}", f"{counts.multiply_adds / macs:.3f}",
            f"{counts.memory * millions:.1f}", f"{counts.registers * millions:.1f}",
            f"{counts.instructions / ours.instructions:.2f}",
            f"{error:.1e}" + ("" if agrees else " DISAGREES"))


def lines(model, macs, cpu, rows, missing):
    """`rows`: label, counts of one image, error against ours, and whether it is within its bound; ours first."""
    ours = rows[0][1]
    body = [row(label, counts, macs, ours, error, agrees) for label, counts, error, agrees in rows]
    return [f"{model}, {macs / 1e6:.1f} million MACs, 1 thread, emulated {cpu}", *table([COLUMNS, *body]),
            *(f"missing: {label}: {reason}" for label, reason in missing)]
