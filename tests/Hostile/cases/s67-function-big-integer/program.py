def f(x):
    return 1 << 8000000
