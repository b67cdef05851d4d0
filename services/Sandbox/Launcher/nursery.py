"""Where judges come from: a process that a supervisor forks before its first run and that is never given a test.

A supervisor's memory may hold what is left of earlier tests, expected answers among them; a judge that were a copy of it would
have them too, and a judge reads what a hostile program sends.
"""
import os
import signal
import socket
import struct

import box
import judge
import supervisor

CLONE_PARENT = 0x00008000
_HEAD = struct.Struct("=dI")  # seconds of wall-clock time, bytes of the test
_LIMITS = {"cpu_seconds": 60, "file_bytes": 0, "open_files": 16, "processes": 1, "memory_bytes": 512 << 20}
_REPORT, _LINE, _TEST = 3, 4, 5


class NurseryEnded(BaseException):
    """It was killed. No Exception: another made now would be a copy of what the supervisor has become, so that ends too."""


class Nursery:
    """Makes judges. They are children of the process that made it."""

    def __init__(self, context):
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self.control.close()
                box.die_with_parent(lambda: os.getppid() != parent)
                _serve(context, theirs)
            finally:
                os._exit(70)
        theirs.close()

    def start(self, report, line):
        """Starts a judge that reports to one descriptor and asks the program over the other.

        Returns its number, and a descriptor: what `told` makes of the test goes there, once the judge has its user.
        """
        given, test = os.pipe()
        try:
            self.control.sendmsg([b"j"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("=3i", report, line, given))])
            answer = self.control.recv(4)
        except OSError:
            answer = b""
        finally:
            os.close(given)
        if not answer:
            os.close(test)
            raise NurseryEnded
        pid = int.from_bytes(answer, "little", signed=True)
        if pid < 0:
            os.close(test)
            raise OSError(-pid, "clone: " + os.strerror(-pid))
        return pid, test

    def end(self):
        self.control.close()
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def told(limits, test):
    """What a judge is sent."""
    return _HEAD.pack(limits["wall_seconds"], len(test)) + test


def _serve(context, control):
    while True:
        data, ancillary, _, _ = control.recvmsg(1, socket.CMSG_SPACE(12))
        if not data:
            os._exit(0)
        ends = struct.unpack("=3i", ancillary[0][2][:12])
        try:
            answer = box.clone(box.NAMESPACES | context.extra_namespaces | CLONE_PARENT)
        except OSError as error:
            answer = -error.errno
        if answer == 0:
            _judge(context, *ends)
        for end in ends:
            os.close(end)
        control.send(answer.to_bytes(4, "little", signed=True))


def _judge(context, report, line, given):
    """The judge's process: a box of its own, without the program."""
    ends = [box.fcntl.fcntl(end, box.fcntl.F_DUPFD, 64) for end in (report, line, given)]
    for number, end in zip((_REPORT, _LINE, _TEST), ends):
        os.dup2(end, number)
    null = os.open("/dev/null", os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    box.close_from(_TEST + 1)
    wall, length = _HEAD.unpack(_exactly(_HEAD.size))
    test = _exactly(length)
    os.close(_TEST)
    # It starts no interpreter: the library's folders are enough for what a test imports.
    library = dict(context.runtime, binds=context.runtime["folders"])
    box.build_root(library, devices=())
    box.die_with_parent(lambda: box.reader_is_gone(_REPORT))
    box.enter_root(library, {}, 4096, 8, devices=())
    box.reset_signals()
    box.set_limits(dict(_LIMITS, cpu_seconds=wall + 1), "rlimit")
    box.drop_privileges(context.filter)
    judge.main(test.decode("utf-8", "replace"), _LINE, _REPORT, supervisor.FRAME)
    os._exit(0)


def _exactly(count):
    """Reads so many bytes of the test; a supervisor that ended before it sent them all ends this process."""
    parts = []
    while count:
        part = os.read(_TEST, min(count, 1 << 16))
        if not part:
            os._exit(0)
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
