import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 272, "aarch64": 97}[platform.machine()]
libc.syscall(number, 0x10000000)
print("still here")
