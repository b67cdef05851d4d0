"""Boxes whose interpreter is forked from a zygote instead of started."""
import errno
import marshal
import os
import resource
import signal
import socket
import struct

import box
import nursery
import supervisor

# Forks share their layout in memory with their zygote, and a program should not know another's for long.
FORKS = 500
_FOLDER_FLAGS = box.MS_NOSUID | box.MS_NODEV | box.MS_NOEXEC


def settings(context):
    """What every box of a zygote needs to know, worked out once."""
    code = context.filter[0] if context.filter else b""
    with open("/proc/sys/kernel/cap_last_cap") as file:
        capabilities = int(file.read()) + 1
    return {
        "inner": box.INNER_ID, "is_x86_64": os.uname().machine == "x86_64", "processes": 5, "close_range_call": box.CLOSE_RANGE,
        "clone_flags": box.NAMESPACES | context.extra_namespaces | nursery.CLONE_PARENT | signal.SIGCHLD,
        "filter": code, "capset_header": struct.pack("=Ii", 0x20080522, 0),
        "capabilities": capabilities, "loopback": box.LOOPBACK_UP, "folder_flags": _FOLDER_FLAGS,
        "folder_options": ("size=%d,nr_inodes=%d,mode=1777" % context.disk).encode(), "bind_flags": box.MS_BIND,
        "read_only_flags": box.MS_REMOUNT | box.MS_BIND | box.MS_RDONLY | _FOLDER_FLAGS,
        "name": os.path.basename(context.runtime["python"]).encode()[:15],
    }


_BEGAN, _ENDED = 1, 2


def _processor_seconds(usage):
    """User and system time of a struct rusage."""
    return usage[0] + usage[2] + (usage[1] + usage[3]) / 1e6


class Zygote:
    """A jailed interpreter, started anew, with the harness loaded. Its boxes are children of this process."""

    def __init__(self, context):
        self.context, self.made = context, 0
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.said, errors = os.pipe()
        nothing, write = os.pipe()
        go = os.pipe()
        data = marshal.dumps(settings(context))
        self.pid = box.clone((box.NAMESPACES & ~box.NEWPID) | context.extra_namespaces)
        if self.pid == 0:
            try:
                os.read(go[0], 1)
                self._become(nothing, errors, theirs.fileno(), data)
            finally:
                os._exit(70)
        for end in (nothing, write, errors, go[0]):
            os.close(end)
        theirs.close()
        box.write_maps(self.pid, *context.outer_ids())
        os.write(go[1], b"g")
        os.close(go[1])

    def _become(self, nothing, errors, control, data):
        """The zygote's process, up to its interpreter."""
        try:
            runtime = self.context.runtime
            processes = os.open("/proc", os.O_PATH | os.O_DIRECTORY)
            table = os.memfd_create("settings")
            os.write(table, data)
            os.lseek(table, 0, os.SEEK_SET)
            ends = [box.fcntl.fcntl(end, box.fcntl.F_DUPFD, 64) for end in (nothing, errors, errors, control, table, processes)]
            for number, end in enumerate(ends):
                os.dup2(end, number)
            box.close_from(len(ends))
            box.build_root(runtime)
            box.die_with_parent(lambda: box.reader_is_gone(1))
            files = {"/harness.pyc": self.context.zygote, "/program.py": b""}
            box.enter_root(runtime, files, 4096, 2)
            box.reset_signals()
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_STACK, (64 << 20, resource.getrlimit(resource.RLIMIT_STACK)[1]))
            box.check(box.LIBC.prctl(box.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
            os.execve(runtime["python"], [runtime["python"]] + supervisor.FLAGS + ["/harness.pyc"], runtime["environment"])
        except BaseException as error:
            os.write(2, ("%s: %s" % (type(error).__name__, error)).encode())

    def fork(self, ends):
        """Has a box made with these descriptors; returns the number of its first process, a child of this process."""
        try:
            self.control.sendmsg([b"f"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("=%di" % len(ends), *ends))])
            answer = self.control.recv(4)
        except OSError:
            answer = b""
        if not answer:
            raise OSError(errno.ECHILD, "the zygote ended: " + os.read(self.said, 4096).decode("utf-8", "replace").strip()[-500:])
        self.made += 1
        pid = int.from_bytes(answer, "little", signed=True)
        if pid < 0:
            raise OSError(-pid, "clone: " + os.strerror(-pid))
        return pid

    def end(self):
        self.control.close()
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.said)


class Pool:
    """A supervisor's zygote: made when first wanted, and again after so many boxes or when it died."""

    def __init__(self, context):
        self.context, self.zygote = context, None

    def fork(self, ends):
        for attempt in (1, 2):
            if self.zygote is not None and self.zygote.made >= FORKS:
                self.end()
            if self.zygote is None:
                self.zygote = Zygote(self.context)
            try:
                return self.zygote.fork(ends)
            except OSError as error:
                if error.errno != errno.ECHILD:
                    raise
                self.end()  # it was killed since the last box, or could not be started
                if attempt == 2:
                    raise

    def end(self):
        if self.zygote is not None:
            self.zygote.end()
            self.zygote = None


class WarmRun(supervisor.Run):
    """A box whose program's interpreter waits, loaded, for the program's text."""

    def __init__(self, context, pool, judges):
        super().__init__(context)
        self.pool, self.judges = pool, judges

    def start_judge(self, report, line):
        """Starts the judge of a test of the mode `function`."""
        pid, test = self.judges.start(report, line)
        self.children[pid] = True
        self.held.add(test)
        box.write_maps(pid, *self.context.outer_ids())
        self.post(test, nursery.told(self.limits, self.test))

    def make_box(self):
        """Starts process 1 of the box, which waits for a byte on `go` before it uses anything; returns its number."""
        pipes = self.pipes
        ends = [pipes["in"][0], pipes["out"][1], pipes["err"][1], self.theirs, pipes["status"][1], pipes["go"][0]]
        pid = self.pool.fork(ends)
        self.children[pid] = True
        return pid

    def send_order(self, descriptor, order, program):
        limits = box.limit_values(order["limits"], self.context.limiter.name)
        order = dict(order, program=len(program), nice=self.context.limiter.nice, rlimits=[(int(which), *pair) for which, pair in limits.items()])
        head = marshal.dumps(order)
        self.post(descriptor, len(head).to_bytes(4, "big") + head + program)

    def read_status(self):
        """Takes apart the records of the box's two processes: kind, wait status, usage of the program, own usage."""
        data = bytes(self.status)
        if data.startswith(b"setup "):
            return {"setup": data[6:].decode("utf-8", "replace")}
        records = {record[0]: record for record in struct.iter_unpack("=38q", data)}
        if _BEGAN not in records:
            self.never_began = True
            return {"setup": "the box ended before the program began"}
        began = _processor_seconds(records[_BEGAN][2:])
        if _ENDED not in records:
            return {"own": began}
        _, ended, *usage = records[_ENDED]
        return {"status": ended & 0xFFFFFFFF, "own": _processor_seconds(usage[18:]) + began, "peak": usage[4] << 10}

    def is_lost(self):
        """Whether the box that was made ahead is gone: somebody killed it."""
        return self.failure is None and os.waitid(os.P_PID, self.first, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
