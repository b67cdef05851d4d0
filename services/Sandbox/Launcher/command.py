"""Runs a fixed command in a fresh box: a compiler, or the program that one made.

The request's header says, beside `limits` and `stdin` as for every run:
  kind         "command"
  steps        argument vectors, run one after the other as long as each ends with status 0; no shell reads them
  environment  all of the program's environment
  binds        paths that the box sees read-only where they are; a file's folder is not seen
  placed       pairs [path in the box, path outside]: seen read-only elsewhere
  links        pairs [path in the box, what the symbolic link says]
  files        pairs [name, length]: written into the working folder, /tmp; their bytes follow the header, then standard
               input's, then the channel's
  proc         whether the box gets a /proc, of its own processes alone
  channel      bytes that the program can read on descriptor 3, a stream socket; absent or null for no descriptor 3. All
               that the program writes there comes back, at most FRAME bytes
  background   whether it gives way to everything else
  collect      the folder whose files are brought back at the end of a run whose exit status is 0, or absent
  collect_bytes  the most bytes of those files together

The answer is as for every run, with `channel` (a length) and `artefact` (a list of {name, size, executable}) or
`artefact_fault` (why nothing was brought back); the bytes of the channel and of the files follow standard error's.
"""
import fcntl
import json
import os
import resource
import select
import signal
import socket
import stat
import struct
import threading
import time

import box
import supervisor

_MOST_FILES, _MOST_DEPTH = 4096, 16
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_FOLDER = _FILE | os.O_DIRECTORY
_PRELUDE = struct.Struct("<d")  # what a step's process used before it became the command, CPU seconds
# The first that this kernel knows: process numbers alone, and of those only the box's own.
_PROC_OPTIONS = ("subset=pid,hidepid=4", "hidepid=4", "hidepid=2")


def serve(context, conn, header):
    """Answers one request of the kind `command`; nothing of its box was prepared."""
    bodies = [supervisor.receive(conn, length) for _, length in header["files"]]
    given = supervisor.receive(conn, header["stdin"])
    said = None if header.get("channel") is None else supervisor.receive(conn, header["channel"])
    run = CommandRun(context, header, bodies)
    try:
        facts = run.execute(conn, header, b"".join(bodies), given, said)
    except Exception as error:
        facts = {"error": "%s: %s" % (type(error).__name__, error)}
    try:
        answer(run, conn, facts)
    finally:
        run.end()


def answer(run, conn, facts):
    """Tells what came of a run; None where the caller went away."""
    if facts is None:
        return
    run.settle()
    heard = bytes(run.control[:supervisor.FRAME]) if "error" not in facts else b""
    facts.update(stdout=len(run.output[0]), stderr=len(run.output[1]), channel=len(heard))
    data = json.dumps(facts).encode()
    conn.sendall(len(data).to_bytes(4, "big") + data)
    for part in (bytes(run.output[0]), bytes(run.output[1]), heard, *run.artefact):
        conn.sendall(part)


class CommandRun(supervisor.Run):
    """One box for one command."""

    def __init__(self, context, header, bodies):
        super().__init__(context)
        self.header, self.bodies, self.artefact = header, bodies, []
        self.runtime = {"binds": header["binds"], "placed": header["placed"], "links": header["links"], "hidden": []}

    def execute(self, conn, header, program, given, test):
        started = time.monotonic()
        self.conn, self.mode, self.limits, self.given = conn, "stdio", header["limits"], given
        self.job = self.context.limiter.open(supervisor.job_name(os.getpid()))
        pipes = self.pipes = {}
        for name in ("in", "out", "err", "status", "go", "report"):
            pipes[name] = os.pipe()
            self.held.update(pipes[name])
        mine, theirs = (end.detach() for end in socket.socketpair())
        self.held.update((mine, theirs))
        self.first = self.start(lambda: init(self, pipes, theirs), pipes["go"])
        self.job.limit(self.limits)
        self.job.add(self.first)
        for name, keep in (("in", 1), ("out", 0), ("err", 0), ("status", 0), ("report", 0)):
            self.close(pipes[name][1 - keep])
        self.send_order(pipes["go"][1], {}, program)
        self.close(pipes["go"][0])
        self.close(theirs)
        if test is not None:
            threading.Thread(target=_tell, args=(socket.socket(fileno=os.dup(mine)), test), daemon=True).start()
        reason = self.watch(self.first, pipes, mine, started)
        if reason is None:
            return None
        wall = time.monotonic() - started
        usage = self.settle()
        return self.conclude(reason, wall, usage.get(self.first))

    def send_order(self, descriptor, order, program):
        # The box has the order already, being a copy of this process: this only says that its limits are in force.
        os.write(descriptor, b"g")
        self.close(descriptor)

    def conclude(self, reason, wall, usage):
        facts = super().conclude(reason, wall, usage)
        if "error" not in facts:
            steps, said = len(self.header["steps"]), memoryview(self.report)
            preludes = said[:min(len(said) // _PRELUDE.size, steps) * _PRELUDE.size]
            before = sum(number for number, in _PRELUDE.iter_unpack(preludes))
            facts["compiled"], facts["compile_error"] = True, None
            facts["cpu"] = max(0.0, facts["cpu"] - before)
            facts.update(self.unpack(said[len(preludes):]))
        return facts

    def unpack(self, data):
        """Takes apart what the box's first process sent of the files; it was cut short where a limit ended the run."""
        if not data:
            return {}
        head = 4 + int.from_bytes(data[:4], "big")
        try:
            said = json.loads(bytes(data[4:head]))
        except ValueError:
            return {"artefact_fault": "the run was ended while its files were read"}
        if "fault" in said:
            return {"artefact_fault": said["fault"]}
        if len(data) - head != sum(item["size"] for item in said["files"]):
            return {"artefact_fault": "the run was ended while its files were read"}
        self.artefact = [data[head:]]
        return {"artefact": said["files"]}


def _tell(channel, data):
    """Writes what the program may read on descriptor 3; a program that does not read it loses nothing."""
    with channel:
        poll = select.poll()
        poll.register(channel.fileno(), select.POLLOUT)
        try:
            while data:
                poll.poll()
                try:
                    data = data[channel.send(data[:1 << 16]):]
                except BlockingIOError:
                    continue
            channel.shutdown(socket.SHUT_WR)
        except OSError:
            return  # the program closed its end


def init(run, pipes, channel):
    """Process 1 of the box: builds it, starts the command, reaps, reports how it ended and what it made."""
    status, header = pipes["status"][1], run.header
    try:
        ends = (pipes["in"][0], pipes["out"][1], pipes["err"][1], channel, status, pipes["report"][1])
        for number, end in enumerate([fcntl.fcntl(end, fcntl.F_DUPFD, 64) for end in ends]):
            os.dup2(end, number)
        box.close_from(6)
        status, report = 4, 5
        box.build_root(run.runtime)
        box.die_with_parent(lambda: box.reader_is_gone(status))
        if header["proc"]:
            # Its command line names folders of the host; with this, nobody in the box sees it in /proc.
            box.check(box._C.prctl(box.PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl")
            mount_proc()
        limits = header["limits"]
        box.enter_root(run.runtime, {}, limits["disk_bytes"], limits["disk_files"])
        if header.get("collect"):
            os.mkdir(header["collect"])
        for (name, _), body in zip(header["files"], run.bodies):
            with open(name, "xb") as file:
                file.write(body)
        program = start_step(run.context, header, 0)
        if len(header["steps"]) == 1:
            box.close_all_but(report, keep=(status,))
        box.drop_privileges(run.context.filter)
    except BaseException as error:
        supervisor._write_all(status, json.dumps({"setup": "%s: %s" % (type(error).__name__, error)}).encode())
        os._exit(1)
    step = 0
    while True:
        pid, ended, usage = os.wait4(-1, 0)
        if pid != program:
            continue
        step += 1
        if ended != 0 or step == len(header["steps"]):
            break
        program = start_step(run.context, header, step)
    box.close_all_but(report, keep=(status,))
    if header.get("collect") and ended == 0:
        end_all_others()
        collect(header["collect"], header["collect_bytes"], report)
    own = resource.getrusage(resource.RUSAGE_SELF)
    said = {"status": ended, "own": own.ru_utime + own.ru_stime, "peak": usage.ru_maxrss * 1024}
    supervisor._write_all(status, json.dumps(said).encode())
    os._exit(0)


def mount_proc():
    error = None
    for options in _PROC_OPTIONS:
        try:
            os.makedirs(box._MOUNT_POINT + "/proc", exist_ok=True)
            box.mount("proc", box._MOUNT_POINT + "/proc", "proc",
                      box.MS_RDONLY | box.MS_NOSUID | box.MS_NODEV | box.MS_NOEXEC, options)
            return
        except OSError as refused:
            error = refused
    raise error


def start_step(context, header, step):
    """Forks a child that becomes the step's command: its own session, limits, no privileges, a fixed environment."""
    pid = os.fork()
    if pid != 0:
        return pid
    try:
        for number in (4, 5):
            os.set_inheritable(number, False)
        if header.get("channel") is None:
            os.close(3)
        else:
            os.set_inheritable(3, True)
        os.setsid()
        if header.get("background"):
            os.nice(19)
        box.reset_signals()
        # Runtimes map far more than they touch: what they hold is the limiter's to see, so no limit on data here.
        box.set_limits(header["limits"], None)
        if step == 0:
            box.drop_privileges(context.filter)  # a later step is a child of one that has none
        arguments, usage = header["steps"][step], resource.getrusage(resource.RUSAGE_SELF)
        os.write(5, _PRELUDE.pack(usage.ru_utime + usage.ru_stime))
        os.execve(arguments[0], arguments, header["environment"])
    except BaseException as error:
        os.write(2, ("the box could not start the command: %s" % error).encode())
    os._exit(127)


def end_all_others():
    """Leaves nobody in the box who could change a file while it is read."""
    try:
        os.kill(-1, signal.SIGKILL)
        while True:
            os.wait4(-1, 0)
    except (ChildProcessError, ProcessLookupError):
        pass  # nobody is left


def collect(folder, most, report):
    """Writes the files of a folder as 4 bytes of length, JSON, and their bytes. What is no plain file is a fault."""
    found = []
    try:
        top = os.open(folder, _FOLDER)
        _look(top, "", 0, most, found)
        said = {"files": found}
    except (OSError, ValueError) as error:
        said, found = {"fault": error.strerror if isinstance(error, OSError) else str(error)}, []
    head = json.dumps(said).encode()
    supervisor._write_all(report, len(head).to_bytes(4, "big") + head)
    for item in found:
        # Opened again by name: nobody is left who could have put another file in its place.
        with open(os.open(folder + "/" + item["name"], _FILE), "rb") as source:
            for part in iter(lambda: source.read(1 << 20), b""):
                supervisor._write_all(report, part)


def _look(folder, prefix, depth, most, found):
    if depth > _MOST_DEPTH:
        raise ValueError("the output has more than %d folders in one another" % _MOST_DEPTH)
    for name in sorted(os.listdir(folder)):
        name.encode("utf-8")  # a name that is no text is an error
        file = os.open(name, _FILE, dir_fd=folder)
        facts = os.fstat(file)
        if stat.S_ISDIR(facts.st_mode):
            _look(file, prefix + name + "/", depth + 1, most, found)
        elif not stat.S_ISREG(facts.st_mode) or facts.st_nlink != 1:
            raise ValueError("the output %s is no plain file" % (prefix + name))
        elif facts.st_size > most - sum(item["size"] for item in found) or len(found) >= _MOST_FILES:
            raise ValueError("the output is larger than the limit of %d bytes and %d files" % (most, _MOST_FILES))
        else:
            found.append({"name": prefix + name, "size": facts.st_size, "executable": bool(facts.st_mode & stat.S_IXUSR)})
        os.close(file)
