import threading, zlib
block = bytes(1 << 22)
def burn():
    while True:
        zlib.compress(block, 9)
for _ in range(4):
    threading.Thread(target=burn).start()
