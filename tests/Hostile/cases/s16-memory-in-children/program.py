import os, time
for _ in range(6):
    if os.fork() == 0:
        hoard = bytearray(24 << 20)
        time.sleep(5)
        os._exit(0)
while True:
    if os.wait()[1] != 0:
        raise SystemExit(1)
