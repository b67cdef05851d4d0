import os
class Bomb:
    def __reduce__(self):
        return (print, ('exploded',))
def f(x):
    return Bomb()
