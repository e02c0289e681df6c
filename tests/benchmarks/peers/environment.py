"""Virtual environments of pinned packages, one for each peer: their wishes for numpy or protobuf never meet."""
import pathlib
import subprocess
import sys


class Missing(Exception):
    """A peer that cannot take part; the text says why."""


def last_line(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["no message"])[-1]


class Environments:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def python(self, name, packages, alone=()):
        """The interpreter of the environment `name` with exactly these packages, made now if need be."""
        home = self.folder / name
        python, stamp, wanted = home / "bin/python", home / "installed", "\n".join((*packages, *alone))
        if stamp.is_file() and stamp.read_text() == wanted:
            return python
        print(f"installing {' '.join((*packages, *alone))}", file=sys.stderr, flush=True)
        self.command(name, sys.executable, "-m", "venv", "--clear", home)
        self.command(name, python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages)
        if alone:
            self.command(name, python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
                         *alone)
        stamp.write_text(wanted)
        return python

    @staticmethod
    def command(name, *argv):
        done = subprocess.run([str(a) for a in argv], capture_output=True, text=True)
        if done.returncode != 0:
            raise Missing(f"cannot install {name}: {last_line(done.stderr or done.stdout)}")
