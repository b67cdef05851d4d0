import ctypes
import os

number = {"x86_64": 206, "aarch64": 0}[os.uname().machine]
context = ctypes.c_ulong(0)
print(ctypes.CDLL(None).syscall(number, 1024, ctypes.byref(context)))
