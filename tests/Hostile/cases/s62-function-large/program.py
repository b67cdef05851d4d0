def f(x):
    return 10 ** 40 + 1
