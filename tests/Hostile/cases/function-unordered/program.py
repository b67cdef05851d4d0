def f(n):
    return [[b, b] for b in reversed(range(n))]
