import mmap
area = mmap.mmap(-1, 1 << 40, flags=mmap.MAP_PRIVATE | 0x4000, prot=0)
print(len(area) >> 40)
