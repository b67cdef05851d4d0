import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 56, "aarch64": 220}[platform.machine()]
libc.syscall(number, 0x10000011, 0, 0, 0, 0)
print("still here")
