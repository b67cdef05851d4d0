import os
def f(x):
    os.closerange(3, 64)
    return 1
