def f(x):
    raise ValueError('x' * 3000000)
