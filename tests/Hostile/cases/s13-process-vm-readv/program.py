import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 310, "aarch64": 270}[platform.machine()]
libc.syscall(number, 1, 0, 0, 0, 0, 0)
print("still here")
