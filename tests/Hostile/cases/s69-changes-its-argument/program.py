def f(items):
    items.clear()
    return items
