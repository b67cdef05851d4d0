from collections import Counter, OrderedDict, defaultdict, namedtuple
import enum
class Color(enum.IntEnum):
    RED = 3
def f(x):
    d = defaultdict(int)
    d['a'] += 1
    return [Counter('aab'), OrderedDict(a=1), d, Color.RED]
