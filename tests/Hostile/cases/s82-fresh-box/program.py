import os, threading
found = [name for name in os.listdir("/tmp") + os.listdir("/dev/shm") + os.listdir("/")]
print("left-behind" in found, len(os.listdir("/tmp")), os.getcwd(), "LEFT" in os.environ, threading.active_count(), os.getpid())
