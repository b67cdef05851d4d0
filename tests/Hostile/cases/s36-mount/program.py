import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 165, "aarch64": 40}[platform.machine()]
libc.syscall(number, b"none", b"/tmp", b"tmpfs", 0, None)
print("still here")
