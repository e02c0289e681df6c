"""A folder with Python and the peers for AArch64, out of Debian's and PyPI's packages, for QEMU's option -L.

Nothing of it is installed on this machine: apt keeps its lists and files in the folder too.
"""
import pathlib
import shutil
import sys

from instructions.emulator import Failure, command

# The Python of Debian 12 and what it and the peers' wheels link to.
PACKAGES = ("libbz2-1.0", "libc6", "libcrypt1", "libexpat1", "libffi8", "libgcc-s1", "libgomp1", "liblzma5",
            "libpython3.11-minimal", "libpython3.11-stdlib", "libssl3", "libstdc++6", "libuuid1",
            "python3.11-minimal", "zlib1g")
# Cores of ARMv8.0, which the target aarch64 is, by QEMU's name: the part number in /proc/cpuinfo.
CPUS = {"cortex-a53": 0xd03, "cortex-a57": 0xd07, "cortex-a72": 0xd08}
PYTHON, PLATFORMS = "3.11", ("manylinux2014_aarch64", "manylinux_2_28_aarch64", "manylinux_2_34_aarch64")


def cpu_description(cpu):
    """/proc/cpuinfo of one such core."""
    facts = {"processor": 0, "BogoMIPS": "108.00", "Features": "fp asimd crc32 cpuid", "CPU implementer": "0x41",
             "CPU architecture": 8, "CPU variant": "0x0", "CPU part": hex(CPUS[cpu]), "CPU revision": 3}
    return "".join(f"{key}\t: {value}\n" for key, value in facts.items()) + "\n"


class Root:
    def __init__(self, folder, cpu):
        """Makes the folder, or takes one that is whole."""
        self.folder = pathlib.Path(folder).resolve()
        self.interpreter = self.folder / f"root/usr/bin/python{PYTHON}"
        stamp, wanted = self.folder / "installed", "\n".join(PACKAGES)
        if not stamp.is_file() or stamp.read_text() != wanted:
            self.make()
            stamp.write_text(wanted)
        # QEMU shows this machine's file otherwise, in which ONNX Runtime finds no ARM core, and crashes.
        (self.folder / "root/proc").mkdir(exist_ok=True)
        (self.folder / "root/proc/cpuinfo").write_text(cpu_description(cpu))

    def make(self):
        for tool in ("apt-get", "dpkg-deb"):
            if not shutil.which(tool):
                raise Failure(f"no {tool}: the AArch64 packages come from Debian")
        print(f"unpacking {' '.join(PACKAGES)} for AArch64", file=sys.stderr, flush=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in ("root", "packages", "state/lists/partial", "cache/archives/partial"):
            (self.folder / name).mkdir(parents=True)
        options = {"APT::Architecture": "arm64", "APT::Architectures": "arm64", "APT::Sandbox::User": "root",
                   "Dir::State": self.folder / "state", "Dir::State::status": "/dev/null",
                   "Dir::Cache": self.folder / "cache"}
        words = [word for key, value in options.items() for word in ("-o", f"{key}={value}")]
        command("apt-get", *words, "-q", "update")
        command("apt-get", *words, "-q", "download", *PACKAGES, cwd=self.folder / "packages")
        for package in sorted((self.folder / "packages").glob("*.deb")):
            command("dpkg-deb", "-x", package, self.folder / "root")

    def site(self, name, packages):
        """The folder of one peer's wheels, made now if need be; they are unpacked, nothing of them runs here."""
        site, wanted = self.folder / "sites" / name, "\n".join(packages)
        stamp = site / "installed"
        if stamp.is_file() and stamp.read_text() == wanted:
            return site
        print(f"unpacking {' '.join(packages)} for AArch64", file=sys.stderr, flush=True)
        shutil.rmtree(site, ignore_errors=True)
        platforms = [word for platform in PLATFORMS for word in ("--platform", platform)]
        command(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
                "--only-binary=:all:", "--implementation", "cp", "--python-version", PYTHON, *platforms, "--target",
                site, *packages)
        stamp.write_text(wanted)
        return site
