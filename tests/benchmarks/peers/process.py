"""A worker process seen from the benchmark: one question, one answer, and asleep in between."""
import json
import os
import signal
import subprocess
import tempfile
import time


class WorkerFailure(Exception):
    pass


class Worker:
    """Pinned to `cores`. `asleep`: stopped between questions, so that no pool of an idle engine spins."""

    def __init__(self, argv, cores, environment=None):
        self.errors = tempfile.TemporaryFile("w+")  # a pipe that nobody reads would fill up
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, cores)
        try:
            self.launched_ns = time.monotonic_ns()
            self.process = subprocess.Popen([str(a) for a in argv], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                            stderr=self.errors, text=True, env=environment)
        finally:
            os.sched_setaffinity(0, before)
        self.ready = self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        try:
            return json.loads(line)
        except ValueError:
            self.process.kill()
            self.process.wait()
            self.errors.seek(0)
            text = (line + self.errors.read()).strip().splitlines() or ["nothing"]
            self.close()
            code = self.process.returncode
            end = signal.Signals(-code).name if code < 0 else f"exit {code}"
            raise WorkerFailure(f"its process ended with {end}, its last words were: {text[-1]}") from None

    def ask(self, *words):
        try:
            self.process.stdin.write(" ".join(map(str, words)) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # its last words are in the answer
        return self.answer()

    def sleep(self):
        os.kill(self.process.pid, signal.SIGSTOP)

    def wake(self):
        os.kill(self.process.pid, signal.SIGCONT)

    def close(self):
        if self.process.poll() is None:
            self.wake()
            self.process.stdin.close()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()
        self.errors.close()
