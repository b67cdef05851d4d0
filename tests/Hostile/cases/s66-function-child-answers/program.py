import os
def f(x):
    if os.fork() == 0:
        return 1
    os.wait()
    return 1
