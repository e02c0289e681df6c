"""What the commands said, as one text."""
import json
import re

from gpu.shelf import PRETENDED_MS, WAITS

RELATIVE_ERROR = re.compile(r"^\S+ max_relative_error=(\S+)$", re.M)


def verify_line(label, done):
    errors = [float(error) for error in RELATIVE_ERROR.findall(done.stdout)]
    if done.returncode != 0 or not errors:
        return f"  {label:<28} {failure(done)}"
    ways = "all ways to run agree" if "same bits: " in done.stderr else "ways to run NOT compared"
    return f"  {label:<28} error {max(errors):.2e}, {ways}"


BENCH_HEAD = f"  {'':<16}{'run':>9}{'graph':>9}{'device':>9}{'+ graph':>9}{'images/s':>11}{'of peak':>9}{'first':>9}"


def bench_line(label, done):
    if done.returncode != 0:
        return f"  {label:<16} {failure(done)}"
    report = json.loads(done.stdout)
    device = report["device"]
    # The peak is compared with the model alone on the device, as kernels are.
    best = min(device["run_device_ms"], device["run_device_graph_ms"])
    share = report["share_of_peak"] * report["median_ms"] / best
    times = (report["median_ms"], device["graph_ms"], device["run_device_ms"], device["run_device_graph_ms"])
    return (f"  {label:<16}" + "".join(f"{time:9.3f}" for time in times) + f"{1e3 * report['batch'] / best:11.0f}"
            + f"{100 * share:8.1f}%{report['first_ms']:9.1f}")


def kernel_lines(label, done):
    """The kernels of one bench that take longest."""
    kernels = sorted(json.loads(done.stdout)["kernels"], key=lambda k: -k["count"] * k["median_ms"])[:6]
    return [f"    {k['name']:<54}{k['count']:3} x {1e3 * k['median_ms']:8.2f} us{100 * k['share_of_peak']:6.1f}% of peak,"
            f"{100 * k['share_of_roofline']:6.1f}% of roofline" for k in kernels]


def last_words(done):
    return (done.stderr.strip().splitlines() or done.stdout.strip().splitlines() or ["nothing said"])[-1]


def waits(done):
    """Whether a command failed because its program was not run yet: that is no failure of the GPU's."""
    return done.returncode != 0 and last_words(done).startswith(WAITS)


def failure(done):
    return "waits" if waits(done) else f"FAILED: {last_words(done)}"


def is_measured(line):
    """Whether a line of records is of a program that ran: others have the pretended time, or are predicted."""
    record = json.loads(line)
    return record["obtained"] == "measured" and abs(record.get("ms", 0) - PRETENDED_MS) > 1e-3


def measured_records(path):
    lines = path.read_text().splitlines() if path.exists() else []
    return [json.loads(line) for line in lines if is_measured(line)]


def tune_lines(records):
    lines = []
    for kernel in dict.fromkeys(record["kernel"] for record in records):
        mine = [record for record in records if record["kernel"] == kernel]
        outcomes = {outcome: sum(r["outcome"] == outcome for r in mine) for outcome in
                    ("wrong", "crashed", "hung", "failed")}
        timed = [r for r in mine if r.get("ms")]
        tried = sum(r["outcome"] == "slower" for r in timed)  # what becomes the best was recorded as tried before
        best = [r for r in timed if r["outcome"] == "best"]
        if not best:
            lines.append(f"  {kernel:<54} nothing was measured")
            continue
        first, last, fastest = best[0]["ms"], best[-1]["ms"], min(timed, key=lambda r: r["ms"])["ms"]
        lost = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items() if count)
        lines.append(f"  {kernel:<54} {1e3 * first:8.2f} us at first, best {1e3 * last:8.2f}, fastest seen "
                     f"{1e3 * fastest:8.2f} of {tried}" + (f"; {lost}" if lost else ""))
    return lines


def text(results, records, waiting, sanitizer):
    """`results`: (step, completed process) in order; `sanitizer`: (name, last line) of its runs."""
    lines = []
    of = lambda kind: [(step, done) for step, done in results if step.kind == kind]  # noqa: E731
    if of("verify"):
        lines += ["goldens:"] + [verify_line(step.label, done) for step, done in of("verify")]
    if sanitizer or of("sanitize"):
        lines += ["compute-sanitizer:"] + [verify_line(step.label, done) for step, done in of("sanitize")]
        lines += [f"  {name}: {words}" for name, words in sanitizer]
    if of("bench"):
        lines += ["milliseconds:", BENCH_HEAD] + [bench_line(step.label, done) for step, done in of("bench")]
        for step, done in of("bench"):
            if done.returncode == 0:
                lines += [f"  kernels of {step.label}:"] + kernel_lines(step.label, done)
    for step, done in of("tune"):
        lines += ["tuning:"] + ([] if done.returncode == 0 else [f"  {failure(done)}"]) + tune_lines(records)
    if waiting:
        lines.append(f"{waiting} programs wait for `gpu.py run`; what needs them is failed or left out above")
    return "\n".join(lines)
