import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 250, "aarch64": 219}[platform.machine()]
libc.syscall(number, 0, -3, 1)
print("still here")
