import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 308, "aarch64": 268}[platform.machine()]
libc.syscall(number, 0, 0)
print("still here")
