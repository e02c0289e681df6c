"""Programs that run on another machine later: kept under the hash of their bytes, and answered for once it has run them.

The compiler makes the same program of the same input, so that a command asked again finds its program's answer here. A
program without an answer is kept. So that a search goes on beyond its first one, measuring programs are answered for with
all candidates right and equally fast: PRETENDED_MS, which no kernel takes and by which records of that are told.

FOLDER/programs/<key>.<name>    waiting or run; names: probe, verify, bench, measure
FOLDER/answers/<key>            exit status on the first line, then what the program printed
"""
import hashlib
import pathlib
import shutil
import subprocess
import time

from gpu.plan import SANITIZERS

PRETENDED_MS = 987.654321
WAITS = "not run yet:"
# Seconds for a program of each name, in the order in which they are wanted; candidates of measure may hang.
LIMITS = {"probe": 60, "verify": 60, "bench": 60, "measure": 120}


class Shelf:
    def __init__(self, folder, answers=None):
        self.programs = pathlib.Path(folder) / "programs"
        self.answers = pathlib.Path(answers or pathlib.Path(folder) / "answers")
        self.answers.mkdir(parents=True, exist_ok=True)
        self.programs.mkdir(parents=True, exist_ok=True)

    def answer(self, key):
        """(status, text) of a program that was run, or nothing."""
        path = self.answers / key
        if not path.exists():
            return None
        status, _, text = path.read_text().partition("\n")
        return int(status), text

    def waiting(self):
        """Programs that were not run yet, in the order in which they are wanted."""
        kept = [p for p in self.programs.iterdir() if self.answer(p.stem) is None]
        return sorted(kept, key=lambda p: (list(LIMITS).index(p.suffix[1:]), p.stat().st_mtime_ns))

    def run(self, program, seconds):
        """Runs one and keeps its answer, which is returned: also that it did not end within these seconds, which must be
        as many as it is ever given."""
        try:
            done = subprocess.run([program], capture_output=True, text=True, timeout=seconds)
            answer = done.returncode, done.stdout + done.stderr
        except subprocess.TimeoutExpired:
            answer = 124, f"did not end within {seconds:.0f} s\n"
        (self.answers / program.stem).write_text(f"{answer[0]}\n{answer[1]}")
        return answer

    def ask(self, program, capability):
        """What a runner has to do: (status, text) of the program, known or pretended."""
        program = pathlib.Path(program)
        key = hashlib.sha256(program.read_bytes()).hexdigest()[:24]
        known = self.answer(key)
        if known is not None:
            return known
        shutil.copy(program, self.programs / f"{key}.{program.name}")
        if program.name == "probe":
            return 0, f"device not here\ncapability {capability}\n"
        if program.name == "measure":
            return 0, pretended_times(candidates_of(program))
        return 3, f"{WAITS} {key}\n"


def candidates_of(program):
    """How many candidates a measuring program has: with an argument it lists them and looks for no device."""
    text = subprocess.run([program, "list"], capture_output=True, text=True, check=True).stdout
    return sum(line.startswith("candidate ") for line in text.splitlines())


def pretended_times(count):
    lines = [f"check {i} ok 0" for i in range(count)]
    for turn in range(3):
        lines += [f"peak {turn} 1"] + [f"time {i} {turn} {1e6 * PRETENDED_MS:.1f}" for i in range(count)]
    return "\n".join(lines + ["done"]) + "\n"


def run_all(shelf, seconds, tell):
    """Runs what waits as long as there is time for what the next one may take; returns how many are left."""
    end = time.monotonic() + seconds
    for program in shelf.waiting():
        limit, left = LIMITS[program.suffix[1:]], end - time.monotonic()
        if left < limit:
            tell(f"{left:.0f} s are left, the next program may take {limit}")
            break
        status, text = shelf.run(program, limit)
        lines = [line for line in text.splitlines() if line] or [""]
        tell(f"{program.suffix[1:]} {program.stem[:8]}: status {status}, {lines[-1]}")
    return len(shelf.waiting())


def sanitize(shelf, seconds, tell):
    """compute-sanitizer's words on the verifying programs, smallest first; nothing where it is not installed."""
    tool = shutil.which("compute-sanitizer")
    if tool is None:
        tell("compute-sanitizer is not installed: memory accesses were not watched")
        return
    end = time.monotonic() + seconds
    for program in sorted(shelf.programs.glob("*.verify"), key=lambda p: p.stat().st_size):
        for check in SANITIZERS:
            left = end - time.monotonic()
            if left <= 0:
                return
            try:
                done = subprocess.run([tool, "--tool", check, "--error-exitcode", "99", program], capture_output=True,
                                      text=True, timeout=left)
            except subprocess.TimeoutExpired:
                return
            (shelf.answers / f"{program.stem}.{check}").write_text(done.stdout + done.stderr)
            tell(f"{check} {program.stem[:8]}: {(done.stdout.splitlines() or [''])[-1]}")
