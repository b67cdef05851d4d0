import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 169, "aarch64": 142}[platform.machine()]
libc.syscall(number, 0xfee1dead, 672274793, 0, 0)
print("still here")
