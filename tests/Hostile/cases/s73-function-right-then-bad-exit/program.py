import atexit, os
atexit.register(lambda: os._exit(3))
def f(x):
    return x
