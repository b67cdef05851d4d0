def f(x):
    step = (1 << 61) - 1
    return {number * step: 1 for number in range(1000)}
