import atexit, os
atexit.register(os.abort)
def f(x):
    return x
