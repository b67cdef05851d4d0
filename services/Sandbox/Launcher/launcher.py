"""The first process of the sandbox: says what this machine offers and forks the supervisors.

Supervisors keep their boxes ready, so that a test does not wait for an interpreter, namespaces and mounts.

Started by the service as `python3 -I -S launcher.py FOLDER LIMITER RUNS DISK_BYTES DISK_FILES`, for so many runs at
once in boxes with so much writable space; says on standard output, in one line of
JSON, what this machine offers; ends when its standard input does, and every job with it.
"""
import gc
import importlib.util
import json
import marshal
import os
import select
import signal
import socket
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import box
import command  # loaded here once for all who are forked
import limiter
import runtime
import station
import supervisor

MOST_EXTRA = 8
HARNESS = ("wire.py", "inspection.py", "tracing.py", "harness.py")


class Context:
    """What every run shares."""

    def __init__(self, owner, wanted, runs, disk):
        self.runs, self.disk = runs, disk
        self.runtime = runtime.discover()
        self.filter = box.filter_program()
        self.zygote = compile_harness(*HARNESS, "shelf.py", "calls.py", "pages.py", "zygote.py")
        self.extra_namespaces, self.own_identity = box.NEWCGROUP, os.geteuid() != 0
        self.notes, self.wanted = [], wanted
        self.limiter = self.choose_limiter(owner)

    def choose_limiter(self, owner):
        for kind in limiter.KINDS:
            if self.wanted not in ("auto", kind.name):
                continue
            try:
                made = kind(owner, self.runs)
                job = made.open("probe-%d" % os.getpid())
                job.limit({"memory_bytes": 64 << 20, "processes": 8})
                job.remove()
                return made
            except (OSError, KeyError) as error:
                self.notes.append("%s: not usable: %s" % (kind.name, error))
        raise SystemExit("no limiter of the name %s works here: %s" % (self.wanted, "; ".join(self.notes)))

    def outer_ids(self):
        """The user that the box's only user is outside. As root: one for each box, which owns nothing anywhere."""
        if self.own_identity:
            return os.geteuid(), os.getegid()
        number = 1879048192 + os.getpid() % 4194304
        return number, number


def compile_harness(*names):
    """The files one after another, as one that the interpreter loads."""
    source, folder = b"", os.path.dirname(os.path.abspath(__file__))
    for name in names:
        with open(os.path.join(folder, name), "rb") as file:
            source += file.read() + b"\n"
    code = compile(source, "/harness.py", "exec", dont_inherit=True)
    return importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(code)


def probe(context):
    """Runs a trivial program in a box, giving up what this machine lacks and saying so; returns an error or None."""
    error = None
    for own_identity in ([context.own_identity, True] if not context.own_identity else [True]):
        for extra in (box.NEWCGROUP, 0):
            context.own_identity, context.extra_namespaces = own_identity, extra
            error = trial(context)
            if error is None:
                return None
    return error


def trial(context):
    ours, theirs = socket.socketpair()
    asked = [theirs]
    pid = os.fork()
    if pid == 0:
        ours.close()
        station.main(asked.pop, context, os.getppid())
    theirs.close()
    program = b"import os, sys\nprint(sys.version_info[0], os.getpid(), len(os.listdir('/')))\n"
    limits = {"cpu_seconds": 10, "wall_seconds": 20, "memory_bytes": 256 << 20, "processes": 8, "output_bytes": 4096,
              "file_bytes": 1 << 20, "open_files": 32, "disk_bytes": 1 << 20, "disk_files": 64}
    header = json.dumps({"mode": "stdio", "limits": limits, "program": len(program), "stdin": 0, "test": 0}).encode()
    ours.sendall(len(header).to_bytes(4, "big") + header + program)
    try:
        facts = json.loads(supervisor.receive(ours, int.from_bytes(supervisor.receive(ours, 4), "big")))
        output = supervisor.receive(ours, facts["stdout"] + facts["stderr"]) if "error" not in facts else b""
    except EOFError:
        return "the supervisor ended without an answer"
    finally:
        ours.close()
        os.waitpid(pid, 0)
    if "error" in facts:
        return facts["error"]
    if facts["status"] != 0 or not output.startswith(b"3 2 "):
        return "a trivial program ended with status %s and said: %s" % (facts["status"], output.decode("utf-8", "replace"))
    return None


def fork_station(listener, context):
    """Forks a supervisor that serves one run after another; returns the pipe that says when it is gone, and its number."""
    told, tell = os.pipe()
    launcher = os.getpid()
    pid = os.fork()
    if pid == 0:
        os.close(told)
        os.close(0)
        station.main(lambda: listener.accept()[0], context, launcher)
    os.close(tell)
    return told, pid


def describe(context, error, swept):
    names = ["user", "mount", "pid", "network", "ipc", "uts"] + (["cgroup"] if context.extra_namespaces else [])
    lines = ["namespaces: " + ", ".join(names), "root: tmpfs, read-only, with the interpreter alone; /tmp bounded; no /proc",
             "privileges: no capabilities, no_new_privs, %s" % (
                 "the service's own user" if context.own_identity else "a user of its own for each box"),
             "seccomp: %s" % ("on" if context.filter else "no call numbers for %s; not in force" % os.uname().machine)]
    if error is not None:
        lines = ["missing: " + error]
    return {"error": error, "isolation": lines + context.notes, "limiter": context.limiter.name, "swept": swept,
            "python": context.runtime["python"], "version": context.runtime["version"]}


def start_time(pid):
    """Clock ticks since boot at which a process started: with its number, a name that is never used again."""
    with open("/proc/%d/stat" % pid) as file:
        return file.read().rsplit(")", 1)[1].split()[19]


def is_alive(owner):
    """Whether the launcher that named its groups `pid-starttime` still runs."""
    pid, _, started = owner.partition("-")
    try:
        return start_time(int(pid)) == started
    except (OSError, ValueError):
        return False


def end(pids):
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue  # it ended by itself


def main():
    folder, wanted, runs, *disk = sys.argv[1], sys.argv[2], *(int(number) for number in sys.argv[3:6])
    owner = "%d-%s" % (os.getpid(), start_time(os.getpid()))
    os.umask(0o077)
    swept = limiter.sweep(is_alive)
    context = Context(owner, wanted, runs, tuple(disk))
    error = probe(context)
    # What a supervisor leaves becomes a child of this process, so that none is overlooked at the end.
    box.check(box.LIBC.prctl(36, 1, 0, 0, 0), "prctl")  # PR_SET_CHILD_SUBREAPER
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(os.path.join(folder, "launcher.socket"))
    listener.listen(256)
    print(json.dumps(dict(describe(context, error, swept), owner=owner)), flush=True)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What is never collected is never written to, and a fork shares it for good.
    gc.disable()
    gc.freeze()
    poll, stations = select.poll(), {}
    poll.register(0, select.POLLIN)
    # Some tidy up after a run and make the next box while others run.
    wanted, ready = runs + min(runs, MOST_EXTRA), []
    while 0 not in ready:
        for told in ready:
            poll.unregister(told)
            os.close(told)
            limiter.discard(context.limiter.parents, supervisor.job_name(stations.pop(told)))
        while len(stations) < wanted:
            told, pid = fork_station(listener, context)
            stations[told] = pid
            poll.register(told, select.POLLIN)
        ready = [descriptor for descriptor, _ in poll.poll()]
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # Boxes and zygotes end with their supervisors, at once; the walk, which takes longer, is for what was being made just now.
    end(stations.values())
    end(limiter.tree(os.getpid())[1:])
    limiter.sweep(lambda name: name != owner)


if __name__ == "__main__":
    main()
