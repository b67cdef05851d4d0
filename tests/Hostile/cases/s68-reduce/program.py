import os
class Bomb:
    def __reduce__(self):
        return os.system, ('echo exploded',)
def f(x):
    return Bomb()
