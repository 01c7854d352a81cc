"""A stand-in for a service manager: manager.py HOME LAUNCHER NOTIFY_NAME

Listens for the home, starts the launcher with the socket as descriptor 3 (sd_listen_fds(3)) when somebody connects, hears
what it tells (sd_notify(3)), and says on standard output what happened. Ends the daemon when its own input ends.
"""
import os
import select
import socket
import subprocess
import sys

home, launcher, name = sys.argv[1:]
os.makedirs(home + "/run", mode=0o700)
os.chmod(home, 0o700)
path = home + "/run/daemon.sock"

told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
told.bind("\0" + name[1:] if name.startswith("@") else name)
listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
listening.bind(path)
listening.listen(16)
print("listening", flush=True)

# the kernel tells that a caller waits; nobody has accepted it yet
select.select([listening], [], [])
print("caller", flush=True)
environment = dict(os.environ, LISTEN_FDS="1", NOTIFY_SOCKET=name, SOVEREIGN_HOME=home)
daemon = subprocess.Popen(
    ["sh", "-c", 'LISTEN_PID=$$; export LISTEN_PID; exec "$0" daemon run --idle 0', launcher],
    env=environment,
    stdin=subprocess.DEVNULL,
    pass_fds=(3,),
    preexec_fn=lambda: os.dup2(listening.fileno(), 3),
)
told.settimeout(60)
print(told.recv(4096).decode().split("\n")[0], flush=True)
sys.stdin.read()
daemon.terminate()
print(told.recv(4096).decode().split("\n")[0], flush=True)
status = daemon.wait(60)
print("ended", status, "socket", "kept" if os.path.exists(path) else "gone", flush=True)
