"""The interpreter that programs' interpreters are forked from. It runs in a jail of its own and knows no program, no
test and no answer: it is asked over descriptor 3 for boxes, and what is run in them goes past it.

`wire.py`, `harness.py` and `shelf.py` stand in front of this text, so that they are loaded once. Where memory is touched after a
fork a page is copied, which costs more than a system call: what can be done before the fork is.
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
_C.wait4.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_C.getrusage.argtypes = (ctypes.c_int, ctypes.c_void_p)
_CONTROL, _SETTINGS = 3, 4
# Where a box's process finds what it was given: standard input, output and error, and then these.
_STATUS, _ORDER, _FILE = 4, 5, 6
_ENDS = 6


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
        self.code = ctypes.create_string_buffer(self.filter, len(self.filter))
        self.filter_program = b"".join(number.to_bytes(8, sys.byteorder) for number in (len(self.filter) // 8, ctypes.addressof(self.code)))
        self.maps = (("setgroups", b"deny"), ("gid_map", b"%d %d 1" % (self.inner, posix.getegid())),
                     ("uid_map", b"%d %d 1" % (self.inner, posix.geteuid())))
        # A kind, a wait status, and two struct rusage of 18 numbers: see `read_status` of the supervisor.
        self.said = (ctypes.c_long * 38)()
        self.at, self.no_capabilities = ctypes.addressof(self.said), bytes(24)

    def serve(self):
        """Makes a box for each message; returns the order that came for it, in the process that is to be the program."""
        control = _socket.socket(fileno=_CONTROL)
        room = _socket.CMSG_SPACE(4 * _ENDS)
        while True:
            data, ancillary, _, _ = control.recvmsg(1, room)
            if not data:
                posix._exit(0)
            ends = memoryview(ancillary[0][2]).cast("i").tolist()
            pid = _C.syscall(self.clone_call, ctypes.c_ulong(self.clone_flags), 0, 0, 0, 0)
            if pid == 0:
                control.detach()
                return self.open_box(ends)
            answer = pid if pid > 0 else -ctypes.get_errno()
            for end in ends:
                posix.close(end)
            control.send(answer.to_bytes(4, "little", signed=True))

    def open_box(self, ends):
        """Process 1 of a box: forks the one that is to be the program, reaps, and says how that one ended."""
        status = ends[_STATUS]
        try:
            if not posix.read(ends[_ORDER], 1):  # until the job's group has this process
                posix._exit(0)
            _check(_C.prctl(1, 9, 0, 0, 0), "prctl")  # PR_SET_PDEATHSIG
            # Not posix.fork, which would only tidy up after threads: there are none.
            program = _check(_C.syscall(self.clone_call, 17, 0, 0, 0, 0), "clone")
            if program == 0:
                return self.become(ends)
            _C.signal(2, None)  # nothing but the end of the supervisor ends this process
            _C.syscall(self.close_range_call, 0, status - 1, 0)
            _C.syscall(self.close_range_call, status + 1, 0xFFFFFFFF, 0)
            _check(_C.syscall(self.capset_call, self.capset_header, self.no_capabilities), "capset")
        except BaseException as error:
            posix.write(status, ("setup %s: %s" % (type(error).__name__, error)).encode())
            posix._exit(1)
        # By hand: posix.wait4 loads a module first.
        while _C.wait4(-1, self.at + 8, 0, self.at + 16) != program:
            pass
        _C.getrusage(0, self.at + 16 + 144)
        self.said[0] = 2
        posix.write(status, self.said)
        posix._exit(0)

    def become(self, ends):
        """Process 2 of a box: makes it, gives up what made that possible, and waits until it is wanted."""
        status = ends[_STATUS]
        try:
            self.enter()
            ends.append(self.make_files())
            self.arrange(ends)
            status = _STATUS
            self.drop_privileges()
            return self.await_order()
        except BaseException as error:
            posix.write(status, ("setup %s: %s" % (type(error).__name__, error)).encode())
            posix._exit(1)

    def enter(self):
        """Takes on the box's only user and brings the box's network up."""
        for name, text in self.maps:
            descriptor = posix.open("self/" + name, posix.O_WRONLY, dir_fd=self.processes)
            posix.write(descriptor, text)
            posix.close(descriptor)
        posix.setresgid(self.inner, self.inner, self.inner)
        posix.setresuid(self.inner, self.inner, self.inner)
        device = _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)
        _check(_C.ioctl(device.fileno(), 0x8914, self.loopback), "loopback")  # SIOCSIFFLAGS
        device.close()
        _check(_C.sethostname(b"sandbox", 7), "sethostname")

    def make_files(self):
        """Makes the writable folder and the program's file; returns a descriptor to write that file with."""
        _check(_C.mount(b"tmpfs", b"/tmp", b"tmpfs", ctypes.c_ulong(self.folder_flags), self.folder_options), "mount /tmp")
        file = posix.open("/tmp/program.py", posix.O_CREAT | posix.O_WRONLY, 0o644)
        _check(_C.mount(b"/tmp/program.py", b"/program.py", None, ctypes.c_ulong(self.bind_flags), None), "bind")
        _check(_C.mount(None, b"/program.py", None, ctypes.c_ulong(self.read_only_flags), None), "read-only")
        posix.unlink("/tmp/program.py")
        posix.chdir("/tmp")
        return file

    def arrange(self, ends):
        high = [_C.fcntl(end, 0, 64) for end in ends]  # F_DUPFD: out of the way of the low numbers
        for number, end in enumerate(high):
            posix.dup2(end, number)
        _C.syscall(self.close_range_call, len(high), 0xFFFFFFFF, 0)

    def drop_privileges(self):
        for capability in range(self.capabilities):
            _C.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
        _check(_C.syscall(self.capset_call, self.capset_header, self.no_capabilities), "capset")
        _check(_C.prctl(38, 1, 0, 0, 0), "no_new_privs")
        if self.filter:
            _check(_C.syscall(self.filter_call, 1, 0, self.filter_program), "seccomp")

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
        self.said[0] = 1
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
    with open(_SETTINGS, "rb") as file:
        settings = marshal.loads(file.read())
    zygote = _Zygote(settings)
    sys.path[:] = [entry for entry in sys.path if entry != "/"]
    _Shelf().fill(_FRESH)
    _C.prctl(15, b"o1-zygote", 0, 0, 0)  # PR_SET_NAME: what has this name runs no program yet
    _rehearse()
    # What is frozen is never looked at again, and so stays shared.
    gc.disable()
    gc.freeze()
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
