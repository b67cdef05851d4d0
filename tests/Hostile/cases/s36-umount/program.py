import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 166, "aarch64": 39}[platform.machine()]
libc.syscall(number, b"/tmp", 2)
print("still here")
