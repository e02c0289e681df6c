"""Counts the instructions of AArch64 programs in QEMU's user-mode emulation, through plugin.c."""
import dataclasses
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = "qemu-aarch64"


class Failure(Exception):
    """The text says what could not be counted, and why."""


@dataclasses.dataclass(frozen=True)
class Counts:
    """Executed instructions: all, vector multiply-adds among them, loads and stores among them; and the vector registers
    that these move, of which one instruction moves up to four."""
    instructions: float
    multiply_adds: float
    memory: float
    registers: float

    def __sub__(self, other):
        return Counts(*(a - b for a, b in zip(dataclasses.astuple(self), dataclasses.astuple(other))))

    def __truediv__(self, count):
        return Counts(*(value / count for value in dataclasses.astuple(self)))


def per_run(once, twice, runs):
    """Counts of one run, from those of two processes that start alike: `twice` did `runs` runs more than `once`."""
    return (twice - once) / runs


def command(*argv, **options):
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, **options)
    if done.returncode != 0:
        lines = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()
        raise Failure(f"{argv[0]}: exit {done.returncode}: {lines[-1]}")
    return done


def in_option(path):
    """A comma ends a value of QEMU's options; a double one stands for itself."""
    return str(path).replace(",", ",,")


class Emulator:
    def __init__(self, folder, cpu):
        self.folder, self.cpu = pathlib.Path(folder).resolve(), cpu
        missing = [tool for tool in (PROGRAM, "cc") if not shutil.which(tool)]
        if missing:
            raise Failure(f"{' and '.join(missing)} not installed")
        self.program = shutil.which(PROGRAM)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.plugin = self.folder / "counter.so"
        made = self.plugin.with_suffix(".new")
        command("cc", "-std=c11", "-O2", "-Wall", "-Wextra", "-shared", "-fPIC", "-fvisibility=hidden",
                HERE / "plugin.c", "-o", made)
        made.replace(self.plugin)

    def count(self, argv, root=None, variables=(), text=""):
        """Counts and standard output of a program that reads `text` and sees no variables of ours but these. `root`:
        where it finds the other machine's libraries; a static program needs none."""
        out = self.folder / "counts"
        out.unlink(missing_ok=True)
        plugin = f"{in_option(self.plugin)},out={in_option(out)}"
        done = command(self.program, "-cpu", self.cpu, *(["-L", root] if root else []), "-plugin", plugin, *argv,
                       input=text, env=dict(variables))
        if not out.is_file():
            lines = done.stderr.strip().splitlines() or ["no message"]
            raise Failure(f"{PROGRAM} counted nothing: {lines[-1]}")
        return Counts(*map(int, out.read_text().split())), done.stdout
