import ctypes
print(ctypes.CDLL(None).shmget(77, 4096, 0o1666))
