"""Running commands in the end-to-end tests."""
import subprocess


class Failure(Exception):
    pass


def run(*argv, status=0, env=None):
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, env=env)
    if done.returncode != status:
        raise Failure(f"{' '.join(map(str, argv))}: exit {done.returncode}, expected {status}\n{done.stdout}{done.stderr}")
    return done
