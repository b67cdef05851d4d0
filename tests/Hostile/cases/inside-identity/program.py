def same(x):
    return x
class Box: pass
def make():
    return Box()
