import ctypes, platform
# arm64 has no x32 calls: there the 32-bit world is out of reach, and another forbidden call stands in.
libc = ctypes.CDLL(None)
libc.syscall(0x40000000 | 39 if platform.machine() == "x86_64" else 51)
print("still here")
