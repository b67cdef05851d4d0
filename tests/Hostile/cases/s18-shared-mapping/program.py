import mmap

memory = mmap.mmap(-1, 1 << 30)
for at in range(0, 1 << 30, 4096):
    memory[at] = 1
print("done")
