import os
import time

os.write(3, b"\0\0\0\x09l")
time.sleep(60)
