"""The system-call filter, as classic BPF for seccomp(2)."""
import platform
import struct

KILL, ALLOW, ERRNO = 0x80000000, 0x7FFF0000, 0x00050000
EPERM, ENOSYS, EAFNOSUPPORT = 1, 38, 97

# Calls with one number on every architecture (Linux 5.0 and later).
_SHARED = dict(pidfd_getfd=438, open_tree=428, move_mount=429, fsopen=430, fsconfig=431, fsmount=432, fspick=433,
               mount_setattr=442, clone3=435, io_uring_setup=425, io_uring_enter=426, io_uring_register=427,
               process_madvise=440, memfd_secret=447, quotactl_fd=443, statmount=457, listmount=458, open_tree_attr=467)

_X86_64 = dict(ptrace=101, process_vm_readv=310, process_vm_writev=311, kcmp=312, mount=165, umount2=166, pivot_root=155,
               chroot=161, unshare=272, setns=308, clone=56, keyctl=250, add_key=248, request_key=249, bpf=321,
               perf_event_open=298, userfaultfd=323, io_setup=206, kexec_load=246, kexec_file_load=320, init_module=175,
               finit_module=313, delete_module=176, reboot=169, clock_settime=227, settimeofday=164, adjtimex=159,
               clock_adjtime=305, socket=41, swapon=167, swapoff=168, acct=163, quotactl=179, syslog=103, iopl=172,
               ioperm=173, modify_ldt=154, name_to_handle_at=303, open_by_handle_at=304, fanotify_init=300,
               memfd_create=319, shmget=29, shmat=30, msgget=68, semget=64, mq_open=240, personality=135, vhangup=153,
               sethostname=170, setdomainname=171, lookup_dcookie=212, uselib=134, ioctl=16)

_ARM64 = dict(ptrace=117, process_vm_readv=270, process_vm_writev=271, kcmp=272, mount=40, umount2=39, pivot_root=41,
              chroot=51, unshare=97, setns=268, clone=220, keyctl=219, add_key=217, request_key=218, bpf=280,
              perf_event_open=241, userfaultfd=282, io_setup=0, kexec_load=104, kexec_file_load=294, init_module=105,
              finit_module=273, delete_module=106, reboot=142, clock_settime=112, settimeofday=170, adjtimex=171,
              clock_adjtime=266, socket=198, swapon=224, swapoff=225, acct=89, quotactl=60, syslog=116,
              name_to_handle_at=264, open_by_handle_at=265, fanotify_init=262, memfd_create=279, shmget=194, shmat=196,
              msgget=186, semget=190, mq_open=180, personality=92, vhangup=58, sethostname=161, setdomainname=162,
              lookup_dcookie=18, ioctl=29)

# Nobody calls these by accident: the program is ended and its verdict is PolicyViolation.
_INTENT = """ptrace process_vm_readv process_vm_writev pidfd_getfd kcmp mount umount2 pivot_root chroot unshare setns
open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr open_tree_attr keyctl add_key request_key bpf
perf_event_open userfaultfd kexec_load kexec_file_load init_module finit_module delete_module reboot clock_settime
settimeofday swapon swapoff open_by_handle_at""".split()

# Runtimes probe these and have another way: they do not exist here. memfd and System V objects would hold memory that
# no limiter but a cgroup sees; the rings of io_setup come out of one pool for the whole machine.
_ABSENT = """io_uring_setup io_uring_enter io_uring_register clone3 memfd_create memfd_secret shmget shmat msgget semget
mq_open statmount listmount io_setup""".split()

_REFUSED = """adjtimex clock_adjtime acct quotactl quotactl_fd syslog iopl ioperm modify_ldt name_to_handle_at
fanotify_init personality vhangup sethostname setdomainname lookup_dcookie uselib process_madvise""".split()

_NEW_NAMESPACES = 0x7E020080  # CLONE_NEWNS | CGROUP | UTS | IPC | USER | PID | NET | TIME
_MACHINES = {"x86_64": (0xC000003E, _X86_64, 317), "aarch64": (0xC00000B7, _ARM64, 277)}

LOAD, JEQ, JGE, JSET, RET = 0x20, 0x15, 0x35, 0x45, 0x06


def assemble():
    """Returns (filter bytes, number of seccomp(2)), or None where this machine's call numbers are not known."""
    if platform.machine() not in _MACHINES:
        return None
    arch, numbers, seccomp_number = _MACHINES[platform.machine()]
    numbers = dict(numbers, **_SHARED)
    code = [(LOAD, 0, 0, 4), (JEQ, 1, 0, arch), (RET, 0, 0, KILL), (LOAD, 0, 0, 0)]
    if arch == 0xC000003E:
        code += [(JGE, 0, 1, 0x40000000), (RET, 0, 0, KILL)]  # x32 calls
    for names, action in ((_INTENT, KILL), (_ABSENT, ERRNO | ENOSYS), (_REFUSED, ERRNO | EPERM)):
        for name in names:
            if name in numbers:
                code += [(JEQ, 0, 1, numbers[name]), (RET, 0, 0, action)]
    # clone: the flags are the first argument on both machines.
    code += [(JEQ, 0, 4, numbers["clone"]), (LOAD, 0, 0, 16), (JSET, 0, 1, _NEW_NAMESPACES & ~0x80), (RET, 0, 0, KILL),
             (RET, 0, 0, ALLOW)]
    # socket: unix, IPv4 and IPv6 work inside the box's own network; libc probes netlink; the rest show intent.
    code += [(JEQ, 0, 10, numbers["socket"]), (LOAD, 0, 0, 16), (JEQ, 7, 0, 1), (JEQ, 6, 0, 2), (JEQ, 5, 0, 10),
             (JEQ, 3, 0, 17), (JEQ, 2, 0, 38), (JEQ, 1, 0, 40), (RET, 0, 0, ERRNO | EAFNOSUPPORT), (RET, 0, 0, KILL),
             (RET, 0, 0, ALLOW)]
    # ioctl: no typing into a terminal (TIOCSTI, TIOCLINUX).
    code += [(JEQ, 0, 5, numbers["ioctl"]), (LOAD, 0, 0, 24), (JEQ, 1, 0, 0x5412), (JEQ, 0, 1, 0x541C),
             (RET, 0, 0, ERRNO | EPERM), (RET, 0, 0, ALLOW)]
    code += [(RET, 0, 0, ALLOW)]
    return b"".join(struct.pack("=HBBI", *step) for step in code), seccomp_number
