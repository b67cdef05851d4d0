import atexit, os
print('ok', flush=True)
atexit.register(os.abort)
