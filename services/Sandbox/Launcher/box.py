"""One box: fresh namespaces, a read-only root with the interpreter alone, no privileges, limits."""
import ctypes
import fcntl
import os
import resource
import select
import signal
import socket
import struct

import seccomp

# PyDLL keeps the interpreter's lock over a call: the raw clone below must not come back without it.
LIBC = _C = ctypes.PyDLL(None, use_errno=True)
_C.syscall.restype = ctypes.c_long

NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
NAMESPACES = NEWNS | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET
_MACHINE = os.uname().machine
CLONE, _PIVOT, CAPSET = (56, 155, 126) if _MACHINE == "x86_64" else (220, 41, 91)
_MOUNT_SETATTR, CLOSE_RANGE = 442, 436
LOOPBACK_UP = struct.pack("16sH14x", b"lo", 0x41)  # IFF_UP | IFF_RUNNING

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = (
    1, 2, 4, 8, 32, 4096, 16384, 1 << 18)
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38

INNER_ID = 1000
WORK = "/tmp"
_MOUNT_POINT = "/tmp"
_DEVICES = ("null", "zero", "random", "urandom")


def check(result, what):
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, "%s: %s" % (what, os.strerror(number)))
    return result


def clone(namespaces):
    """fork(2) into fresh namespaces; returns 0 in the child, which is process 1 there."""
    return check(_C.syscall(CLONE, ctypes.c_ulong(namespaces | signal.SIGCHLD), 0, 0, 0, 0), "clone")


def die_with_parent(parent_ended):
    """Ties this process to its parent; `parent_ended()` tells of a parent that ended before the tie was made."""
    check(_C.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")
    if parent_ended():
        os._exit(1)


def reader_is_gone(descriptor):
    """Whether nobody reads a pipe any more: its only reader, the supervisor, has ended."""
    poll = select.poll()
    poll.register(descriptor, 0)
    return bool(poll.poll(0))


def mount(source, target, kind, flags, data=None):
    encode = lambda text: None if text is None else os.fsencode(text)
    check(_C.mount(encode(source), encode(target), encode(kind), ctypes.c_ulong(flags), encode(data)),
          "mount %s on %s" % (source, target))


def write_maps(pid, outer_uid, outer_gid):
    """Gives the box its one user; written from outside, where the right to do so is."""
    if os.geteuid() != 0 or outer_uid == os.geteuid():
        with open("/proc/%d/setgroups" % pid, "w") as file:
            file.write("deny")
    for name, outer in (("gid_map", outer_gid), ("uid_map", outer_uid)):
        with open("/proc/%d/%s" % (pid, name), "w") as file:
            file.write("%d %d 1" % (INNER_ID, outer))


def build_root(runtime, devices=_DEVICES):
    """Makes the new root at the mount point: everything that does not depend on the run."""
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    # The sources may lie under a folder that only the service's own user may enter: opened before the user changes.
    sources = [(path, os.open(source, os.O_PATH | os.O_CLOEXEC)) for path, source in
               [(path, path) for path in runtime["binds"]] + runtime.get("placed", [])]
    sources += [("/dev/" + name, os.open("/dev/" + name, os.O_PATH | os.O_CLOEXEC)) for name in devices]
    if os.geteuid() == 0 and _maps_groups():
        os.setgroups([])
    os.setresgid(INNER_ID, INNER_ID, INNER_ID)
    os.setresuid(INNER_ID, INNER_ID, INNER_ID)
    _loopback_up()
    socket.sethostname("sandbox")  # the new namespace starts with the host's name
    root = _MOUNT_POINT
    mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "size=8m,nr_inodes=512,mode=755")
    made = {""}
    for path, descriptor in sources:
        folder = path if os.path.isdir("/proc/self/fd/%d" % descriptor) else os.path.dirname(path)
        _make_folders(root, folder, made)
        if folder != path:
            os.close(os.open(root + path, os.O_CREAT | os.O_WRONLY, 0o644))
        mount("/proc/self/fd/%d" % descriptor, root + path, None, MS_BIND)
        os.close(descriptor)
    for path in runtime["hidden"]:
        mount("tmpfs", root + path, "tmpfs", MS_NOSUID | MS_NODEV | MS_RDONLY, "size=4k,nr_inodes=2,mode=555")
    for link, target in runtime["links"]:
        _make_folders(root, os.path.dirname(link), made)
        os.symlink(target, root + link)
    _make_folders(root, WORK, made)
    _make_folders(root, "/dev", made)
    os.symlink(WORK, root + "/dev/shm")


def enter_root(runtime, files, disk_bytes, inodes, devices=_DEVICES):
    """Completes the root with `files` (names in / to bytes) and the writable folder, and moves into it for good."""
    root = _MOUNT_POINT
    for name, data in files.items():
        with open(root + name, "wb") as file:
            file.write(data)
    _read_only(root, list(runtime["binds"]) + [path for path, _ in runtime.get("placed", [])] + ["/dev/" + name for name in devices])
    mount("tmpfs", root + WORK, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
          "size=%d,nr_inodes=%d,mode=1777" % (disk_bytes, inodes))
    os.chdir(root)
    check(_C.syscall(_PIVOT, b".", b"."), "pivot_root")
    check(_C.umount2(b".", 2), "umount")
    os.chdir(WORK)


def _loopback_up():
    """A program may serve and call itself on 127.0.0.1; there is nobody else in its network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        fcntl.ioctl(device, 0x8914, LOOPBACK_UP)  # SIOCSIFFLAGS


def _maps_groups():
    with open("/proc/self/setgroups") as file:
        return file.read().strip() == "allow"


def _make_folders(root, folder, made):
    parts = [part for part in folder.split("/") if part]
    for count in range(1, len(parts) + 1):
        path = "/" + "/".join(parts[:count])
        if path not in made:
            try:
                os.mkdir(root + path, 0o755)
            except FileExistsError:
                pass  # inside something that is already bound
            made.add(path)


def _read_only(root, binds):
    attributes = struct.pack("=QQQQ", 1 | 2, 0, 0, 0)  # MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID
    if _C.syscall(_MOUNT_SETATTR, -100, os.fsencode(root), 0x8000, attributes, len(attributes)) == 0:
        return
    for path in binds + [""]:
        # A mount that came from outside keeps the restrictions that it had there.
        flags = os.statvfs(root + path).f_flag & (MS_NODEV | MS_NOEXEC)
        mount(None, root + path, None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | flags)


def drop_privileges(filter_program):
    """No capabilities, no way to gain any, and the system-call filter; a list of calls that may follow is short."""
    for capability in range(64):
        if _C.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0:
            break
    header, none = struct.pack("=Ii", 0x20080522, 0), bytes(24)
    check(_C.syscall(CAPSET, header, none), "capset")
    check(_C.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    if filter_program is not None:
        code, number = filter_program
        buffer = ctypes.create_string_buffer(code, len(code))
        program = struct.pack("=HxxxxxxQ", len(code) // 8, ctypes.addressof(buffer))
        check(_C.syscall(number, 1, 0, program), "seccomp")


def close_from(first):
    if _C.syscall(CLOSE_RANGE, first, 0xFFFFFFFF, 0) < 0:
        os.closerange(first, os.sysconf("SC_OPEN_MAX"))


def limit_values(limits, limiter):
    """The per-process limits as (soft, hard) by number; the sums over a job's processes are the limiter's."""
    mib = 1 << 20
    cpu = int(limits["cpu_seconds"]) + 1
    wanted = {
        resource.RLIMIT_CPU: (cpu, cpu + 1), resource.RLIMIT_FSIZE: limits["file_bytes"],
        resource.RLIMIT_NOFILE: limits["open_files"], resource.RLIMIT_CORE: 0, resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_STACK: limits.get("stack_bytes", 64 * mib), resource.RLIMIT_MSGQUEUE: 0, resource.RLIMIT_NICE: 0, resource.RLIMIT_RTPRIO: 0,
        resource.RLIMIT_SIGPENDING: 1024, resource.RLIMIT_NPROC: limits["processes"] + 1,
    }
    if limiter == "rlimit":
        wanted[resource.RLIMIT_DATA] = limits["memory_bytes"]
    values = {}
    for which, value in wanted.items():
        soft, hard = value if isinstance(value, tuple) else (value, value)
        most = resource.getrlimit(which)[1]
        values[which] = (soft, hard) if most == resource.RLIM_INFINITY else (min(soft, most), min(hard, most))
    return values


def set_limits(limits, limiter):
    """Sets the per-process limits of this process."""
    for which, pair in limit_values(limits, limiter).items():
        resource.setrlimit(which, pair)


def reset_signals():
    for number in range(1, signal.NSIG):
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            try:
                signal.signal(number, signal.SIG_DFL)
            except (OSError, ValueError):
                continue  # numbers that libc keeps for itself
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def filter_program():
    return seccomp.assemble()


def close_all_but(kept, keep=()):
    """Closes every descriptor but `kept` and those of `keep`, which are below it."""
    for descriptor in set(range(kept)) - set(keep):
        try:
            os.close(descriptor)
        except OSError:
            continue  # it was closed before
    close_from(kept + 1)
