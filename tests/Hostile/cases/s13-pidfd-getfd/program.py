import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 438, "aarch64": 438}[platform.machine()]
libc.syscall(number, 3, 0, 0)
print("still here")
