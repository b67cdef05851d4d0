def f(x):
    return {1: 'a', 2: 'b'}
