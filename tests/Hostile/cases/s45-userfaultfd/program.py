import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 323, "aarch64": 282}[platform.machine()]
libc.syscall(number, 0)
print("still here")
