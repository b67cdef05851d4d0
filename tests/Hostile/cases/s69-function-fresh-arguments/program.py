seen = []
def f(items):
    items.append(0)
    seen.append(items)
    return len(seen) + len(items)
