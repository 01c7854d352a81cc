"""What the benchmarks share: the launcher, a home of their own, medians, the machine's description."""
import json
import os
import platform
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LAUNCHER = os.environ.get("SOVEREIGN", os.path.join(TOP, "sovereign"))


def manifest():
    """The build that the launcher would run."""
    for place in (os.path.join(TOP, "target/dist/lib/current.env"),
                  os.path.join(os.path.dirname(os.path.realpath(LAUNCHER)), "../lib/current.env")):
        if os.path.exists(place):
            with open(place, encoding="utf-8") as lines:
                return {"lib": os.path.dirname(place), **dict(line.strip().split("=", 1) for line in lines if "=" in line)}
    sys.exit("bench: build first: ./sovereign version")


def java_home():
    """The JDK that the launcher finds, asked of the launcher itself."""
    out = subprocess.run(["sh", "-x", LAUNCHER, "version"], capture_output=True, text=True, check=True).stderr
    return re.findall(r"exec .*?(/\S+)/bin/java ", out)[-1]


def run(*arguments, home=None, check=True, env=None, **more):
    environment = {**os.environ, **(env or {})}
    if home:
        environment["SOVEREIGN_HOME"] = home
    return subprocess.run([LAUNCHER, *arguments], check=check, text=True, capture_output=True, env=environment, **more)


def timed(command, env=None, ok=(0,)):
    """Milliseconds of one whole command, output thrown away."""
    start = time.perf_counter()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env, check=False)
    took = (time.perf_counter() - start) * 1e3
    if done.returncode not in ok:
        sys.exit(f"bench: {command} ended with {done.returncode}: {done.stderr.decode()[:500]}")
    return took


class Home:
    """A fresh SOVEREIGN_HOME; its daemon is stopped and the folder removed at the end."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="sovereign-bench-")

    @property
    def socket(self):
        return os.path.join(self.path, "run", "daemon.sock")

    @property
    def env(self):
        return {**os.environ, "SOVEREIGN_HOME": self.path}

    def stop(self):
        run("daemon", "stop", home=self.path, check=False)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.path, ignore_errors=True)


def status(home):
    return json.loads(run("status", "--json", home=home).stdout)


def accepts(path):
    """True when something accepts on the socket."""
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(path)
            return True
        except OSError:
            return False


def resident(pid):
    """Resident and proportional MiB of a process."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as lines:
        table = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.rstrip().endswith("kB")}
    return table["Rss"] / 1024, table["Pss"] / 1024


def load(home, *arguments, java=None):
    m = manifest()
    command = [f"{java or java_home()}/bin/java", "-XX:+UseSerialGC", "-cp", os.path.join(m["lib"], m["client_jar"]),
               os.path.join(TOP, "bench", "Load.java"), home.socket, m["build"], *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"bench: {done.stderr[:800]}")
    return json.loads(done.stdout)


def machine():
    cpu = ""
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            cpu = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "")
    return f"{os.cpu_count()} x {cpu or platform.processor()}, {platform.system()} {platform.release()}, {time.strftime('%Y-%m-%d')}"


def median(values):
    return statistics.median(values)
