try:
    bytearray(1 << 45)
except MemoryError:
    print('ok')
