def f(x):
    return -0.0
