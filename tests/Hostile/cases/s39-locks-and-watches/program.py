import ctypes, fcntl, os
with open(os.__file__) as file:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        pass
print(os.access('/tmp', os.W_OK), os.access('/', os.W_OK))
