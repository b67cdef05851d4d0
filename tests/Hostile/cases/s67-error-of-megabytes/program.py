def f(x):
    raise type('A' * 3000000, (Exception,), {})('x' * 3000000)
