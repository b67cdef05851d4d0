import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 298, "aarch64": 241}[platform.machine()]
libc.syscall(number, 0, 0, -1, -1, 0)
print("still here")
