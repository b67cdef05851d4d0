"""The interpreter that programs' interpreters are forked from. It runs in a jail of its own and knows no program, no
test and no answer: it is asked over descriptor 3 for boxes, and what is run in them goes past it.

`wire.py`, `harness.py`, `shelf.py`, `calls.py` and `pages.py` stand in front of this text, so that they are loaded once.
Where memory is touched after a fork a page is copied, which costs more than a system call: what can be done before the fork is.
"""
_FRESH = set(sys.modules) | {"_sitebuiltins"}

import _io
import _sitebuiltins
import _socket
import atexit as _atexit
import ctypes
import gc
import marshal
import posix

# PyDLL keeps the interpreter's lock over a call: the raw clone below must not come back without it.
_C = ctypes.PyDLL(None, use_errno=True)
_C.syscall.restype = ctypes.c_long
_C.getrusage.argtypes = (ctypes.c_int, ctypes.c_void_p)
_CONTROL, _SETTINGS = 3, 4
# Where a box's process finds what it was given: standard input, output and error, and then these.
_STATUS, _ORDER, _FILE = 4, 5, 6
# What the supervisor sends of them has these numbers here: the first that are free.
_GIVEN = [6, 7, 8, 9, 10, 11]
_MOST_RANGES = 1000


def _check(result, what):
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, "%s: %s" % (what, posix.strerror(number)))
    return result


def _exactly(descriptor, count):
    """Reads so many bytes; a program that is never asked for ends here."""
    parts = []
    while count:
        part = posix.read(descriptor, min(count, 1 << 16))
        if not part:
            posix._exit(0)
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _write_all(descriptor, data):
    while data:
        data = data[posix.write(descriptor, data):]


class _Zygote:
    """Forks boxes; `settings` is what the supervisor worked out for all of them."""

    def __init__(self, settings):
        self.__dict__.update(settings)
        # A kind, a wait status, and two struct rusage of 18 numbers: see `read_status` of the supervisor.
        self.said, self.ended = (ctypes.c_long * 38)(1), (ctypes.c_long * 38)(2)
        self.at = ctypes.addressof(self.said)
        self.calls = _Calls(self.is_x86_64, 160 + _MOST_RANGES)

    def serve(self):
        """Makes a box for each message; returns the order that came for it, in the process that is to be the program."""
        control = _socket.socket(fileno=_CONTROL)
        room = _socket.CMSG_SPACE(4 * len(_GIVEN))
        while True:
            data, ancillary, _, _ = control.recvmsg(1, room)
            if not data:
                posix._exit(0)
            ends = memoryview(ancillary[0][2]).cast("i").tolist()
            if ends != _GIVEN:
                raise RuntimeError("the descriptors %s have other numbers than expected" % ends)
            at, result = self.calls.run()
            if at != 0:
                control.detach()
                return self.open_box(at, result)
            for end in ends:
                posix.close(end)
            control.send(result.to_bytes(4, "little", signed=True))

    def list_calls(self, ranges):
        """Lists what makes a box whose program will touch these ranges of memory.

        Process 1 forks the one that is to be the program, reaps, and says how that one ended.
        """
        calls, (status, order) = self.calls, _GIVEN[_STATUS:]
        add, ended, byte = calls.add, ctypes.addressof(self.ended), calls.place(b" ")
        add("clone", self.clone_flags, gives=0)
        first = add("read", order, byte, 1, gives=1)  # until the job's group has this process
        add("prctl", 1, 9)  # PR_SET_PDEATHSIG
        clone = add("clone", 17, gives=0)
        reap = add("rt_sigaction", 2, bytes(32), 0, 8)  # nothing but the end of the supervisor ends this process
        add("close_range", 0, status - 1)
        add("close_range", status + 1, 0xFFFFFFFF)
        add("capset", self.capset_header, bytes(24))
        wait = add("wait4", -1, ended + 8, 0, ended + 16, gives=2)
        add("getrusage", 0, ended + 16 + 144)
        add("write", status, ended, 38 * 8)
        leave = add("exit_group", 0)
        calls.set(first, _OTHER, calls.address(leave))  # the supervisor ended
        calls.set(clone, _OTHER, calls.address(reap))
        calls.set(wait, _OTHER, calls.address(wait))
        calls.set(wait, _ERROR, calls.address(wait))
        self.moved = self.list_setup(ranges)
        calls.set(clone, _SAME, calls.address(leave + 1))  # the new process

    def list_setup(self, ranges):
        """Lists what process 2 does to its box before it gives up what made that possible; returns where its status has moved."""
        add, processes = self.calls.add, _GIVEN[-1] + 1
        add("dup3", self.processes, processes, 0)
        for number, end in enumerate(_GIVEN):
            moved = add("dup3", end, number, 0)
        add("close_range", _GIVEN[0], _GIVEN[-1])
        # The box's only user, and its network.
        for name, text in self.maps():
            add("openat", processes, b"self/" + name, posix.O_WRONLY, gives=_FILE)
            add("write", _FILE, text, len(text), gives=len(text))
            add("close", _FILE)
        add("setresgid", self.inner, self.inner, self.inner)
        add("setresuid", self.inner, self.inner, self.inner)
        add("socket", _socket.AF_INET, _socket.SOCK_DGRAM, 0, gives=_FILE)
        add("ioctl", _FILE, 0x8914, self.loopback)  # SIOCSIFFLAGS
        add("close", _FILE)
        add("sethostname", b"sandbox", 7)
        # The writable folder and the program's file, and a descriptor to write that file with.
        add("mount", b"tmpfs", b"/tmp", b"tmpfs", self.folder_flags, self.folder_options)
        add("openat", -100, b"/tmp/program.py", posix.O_CREAT | posix.O_WRONLY, 0o644, gives=_FILE)
        add("mount", b"/tmp/program.py", b"/program.py", 0, self.bind_flags, 0)
        add("mount", 0, b"/program.py", 0, self.read_only_flags, 0)
        add("unlinkat", -100, b"/tmp/program.py", 0)
        add("chdir", b"/tmp")
        add("close_range", _FILE + 1, 0xFFFFFFFF)
        for capability in range(self.capabilities):
            add("prctl", 24, capability, fails=False)  # PR_CAPBSET_DROP
        add("capset", self.capset_header, bytes(24))
        last = add("prctl", 38, 1)  # PR_SET_NO_NEW_PRIVS
        if self.filter:
            code = self.calls.place(self.filter)
            last = add("seccomp", 1, 0, b"".join(number.to_bytes(8, sys.byteorder) for number in (len(self.filter) // 8, code)))
        # Copied at once: a fault for each would take twice as long.
        for start, end, advice in ranges[:_MOST_RANGES]:
            last = add("madvise", start, end - start, advice, fails=False)
        for word in (_SAME, _OTHER, _ERROR):
            self.calls.set(last, word, 0)
        self.last, self.populates = last, bool(ranges)
        return moved

    def maps(self):
        return ((b"setgroups", b"deny"), (b"gid_map", b"%d %d 1" % (self.inner, posix.getegid())),
                (b"uid_map", b"%d %d 1" % (self.inner, posix.geteuid())))

    def open_box(self, at, result):
        """A box's process behind the list: waits until it is wanted, or says why there is no box."""
        status = _STATUS if at >= self.moved else _GIVEN[_STATUS]
        try:
            if at != self.last or result < 0 and not self.populates:
                raise OSError(-min(0, result), "%s (%d of the list): %s" % (self.calls.names[at], at, posix.strerror(-min(0, result))))
            return self.await_order()
        except BaseException as error:
            posix.write(status, ("setup %s: %s" % (type(error).__name__, error)).encode())
            posix._exit(1)

    def await_order(self):
        """Waits until the box is wanted, and becomes the program's process but for its code."""
        _rehearse()
        order = marshal.loads(_exactly(_ORDER, int.from_bytes(_exactly(_ORDER, 4), "big")))
        _write_all(_FILE, _exactly(_ORDER, order["program"] - sum(length for _, length in order.get("files", ()))))
        for name, length in order.get("files", ()):
            file = posix.open(name, posix.O_CREAT | posix.O_EXCL | posix.O_WRONLY, 0o666)
            _write_all(file, _exactly(_ORDER, length))
            posix.close(file)
        posix.setsid()
        if order["nice"]:
            posix.nice(order["nice"])
        for which, soft, hard in order["rlimits"]:
            _check(_C.setrlimit(which, (ctypes.c_ulong * 2)(soft, hard)), "setrlimit")
        _C.prctl(15, self.name, 0, 0, 0)  # PR_SET_NAME: no longer a box in waiting
        _C.getrusage(0, self.at + 16)
        posix.write(_STATUS, self.said)
        _C.syscall(self.close_range_call, _STATUS, _FILE, 0)
        return order


_REHEARSAL = """
import sys
def solve(values):
    return sum(values) + len([value for value in values if value > 1])
class Answer:
    def __init__(self, value):
        self.value = value
    def __str__(self):
        return f"{self.value}"
for line in read():
    print(Answer(solve([int(word) for word in line.split()])), {"a": 1}.get("a"), sorted(line), file=out)
out.flush()
"""


def _rehearse():
    """Does what a program does, to no effect: the memory that it touches is copied now, while nobody waits."""
    with open("/program.py", "rb") as file:
        file.read()
    out = _io.TextIOWrapper(_io.BytesIO(), encoding="utf-8")
    given = _io.TextIOWrapper(_io.BufferedReader(_io.BytesIO(b"1 2 3\n4\n")), encoding="utf-8")
    Line(None, len, 1 << 20, 1 << 20).send(["compiled"], str)
    exec(compile(_REHEARSAL, "/program.py", "exec", dont_inherit=True), {"read": given.readlines, "out": out, "__name__": "x"})
    sys.stdout.write("")
    sys.stdout.flush()
    del out, given
    gc.collect()


def _be_forked():
    """Serves boxes; runs on, beyond here, as the interpreter of one program."""
    with open(_SETTINGS, "rb", closefd=False) as file:  # open on: the numbers of `_GIVEN` follow it
        settings = marshal.loads(file.read())
    zygote = _Zygote(settings)
    sys.path[:] = [entry for entry in sys.path if entry != "/"]
    _Shelf().fill(_FRESH)
    _C.prctl(15, b"o1-zygote", 0, 0, 0)  # PR_SET_NAME: what has this name runs no program yet
    _rehearse()
    # What is frozen is never looked at again, and so stays shared.
    gc.disable()
    gc.freeze()
    zygote.list_calls(_touched(zygote.processes, _rehearse))
    order = zygote.serve()
    getattr(sys, "orig_argv", []).append(order["mode"])
    sys.argv[:] = ["/harness.pyc", order["mode"]]
    for name in [name for name in sys.modules if name not in _FRESH]:
        del sys.modules[name]
    gc.enable()


def _run():
    """Runs the program; returns the exit status that the interpreter would end with."""
    try:
        _main()
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return int(end.code or 0) & 0xFF
        print(end.code, file=sys.stderr)
        return 1
    return 0


def _flush(status):
    for file in (sys.stdout, sys.stderr, sys.__stdout__):
        try:
            if file is not None and not file.closed:
                file.flush()
        except BaseException:
            status = 120 if file is not sys.stderr else status
    return status


def _end(status):
    """Ends as the interpreter does, without taking itself apart: the kernel does that, and touches less memory."""
    try:
        if "threading" in sys.modules:
            sys.modules["threading"]._shutdown()
    except BaseException:
        sys.excepthook(*sys.exc_info())
    try:
        sys.modules.get("atexit", _atexit)._run_exitfuncs()
    except BaseException:
        pass  # said already, and without a say in the exit status
    status = _flush(status)
    for name in ("__main__", "program"):
        sys.modules.pop(name, None)
    gc.collect()
    status = _flush(status)
    _C.fflush(None)
    posix._exit(status)


_be_forked()
_end(_run())
