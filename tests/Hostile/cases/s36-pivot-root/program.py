import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 155, "aarch64": 41}[platform.machine()]
libc.syscall(number, b"/tmp", b"/tmp")
print("still here")
