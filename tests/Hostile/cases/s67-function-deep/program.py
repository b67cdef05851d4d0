def f(x):
    deep = []
    for _ in range(1000000):
        deep = [deep]
    return deep
