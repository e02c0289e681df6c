"""What the benchmark runs on."""
import os
import platform


def cpu_name():
    with open("/proc/cpuinfo") as file:
        facts = {}
        for line in file:
            key, _, value = line.partition(":")
            facts.setdefault(key.strip(), value.strip())
    name = facts.get("model name", platform.machine())
    # Hypervisors shorten the name; family and model say which one it is.
    return f"{name} (family {facts['cpu family']}, model {facts['model']})" if "cpu family" in facts else name


def machine():
    return {"cpu": cpu_name(), "cpus": os.cpu_count(), "system": f"{platform.system()} {platform.machine()}"}


def pick_cores(wanted, most_threads):
    """The cores for the largest number of threads."""
    allowed = sorted(os.sched_getaffinity(0))
    cores = wanted or allowed[-most_threads:]
    if len(cores) < most_threads or not set(cores) <= set(allowed):
        raise ValueError(f"--cores: found {cores} for {most_threads} threads, allowed are {allowed}")
    return cores
