def f(x):
    own = []
    own.append(own)
    return own
