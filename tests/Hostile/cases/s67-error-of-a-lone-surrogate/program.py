def f(x):
    raise ValueError('\ud800')
