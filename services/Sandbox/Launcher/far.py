"""What stands in the judge's box for an object of the program."""


class Far:
    """An object that lives in the program's box."""

    __slots__ = ("_judge", "_number", "_name", "_level")
    showing = False

    def __init__(self, judge, number, name, level):
        for slot, value in (("_judge", judge), ("_number", number), ("_name", name), ("_level", level)):
            object.__setattr__(self, slot, value)

    def __call__(self, *args, **kwargs):
        return self._judge.call(self, args, kwargs)

    def __getattr__(self, name):
        if self._level == RESULT and name in _PREDICATES:
            raise AttributeError("a %s object stands where the test expects plain data, and has no say in %s" % (self._name, name))
        return self._judge.ask(["attribute", self, name])

    def __setattr__(self, name, value):
        self._judge.ask(["set", self, name, value])

    def __delattr__(self, name):
        self._judge.ask(["delete", self, name])

    def __instancecheck__(self, instance):
        instance = getattr(instance, "_far", instance)
        return isinstance(instance, Far) and self._judge.ask(["isinstance", self, instance])

    def __subclasscheck__(self, other):
        return isinstance(other, Far) and self._judge.ask(["issubclass", self, other])

    def __eq__(self, other):
        # Only two objects of the program may be compared by the program's own rule.
        if isinstance(other, Far):
            return self._number == other._number or self._judge.ask(["method", self, "__eq__", [other]]) is True
        # Its plain content, if it has one, comes here to be compared; the other side does not go there.
        mine = self._judge.ask(["bare", self])
        return type(mine) is list and len(mine) == 1 and not isinstance(mine[0], Far) and mine[0] == other

    def __contains__(self, item):
        if self._level == RESULT and not isinstance(item, Far):
            return any(item is other or item == other for other in iter(self))
        return self._judge.ask(["method", self, "__contains__", [item]]) is True

    def __hash__(self):
        return self._judge.ask(["method", self, "__hash__", []])

    def __bool__(self):
        return self._judge.ask(["method", self, "__bool__", []]) is True

    def __repr__(self):
        if Far.showing:
            return "<%s object of the program>" % self._name
        return self._judge.ask(["method", self, "__repr__", []])


# Where a far object comes from. What a function returned has no say in what the test's own numbers and words are
# compared with: it would be told the expected value, and could answer anything.
RESULT, CLASS, INSTANCE = 0, 1, 2
_PREDICATES = {name for kind in (str, set, float) for name in dir(kind) if name.startswith("is") or name.endswith("with")}


def _forward(name, is_told):
    def method(self, *args):
        if is_told and self._level == RESULT and not all(isinstance(arg, Far) for arg in args):
            raise TypeError("a %s object stands where the test expects plain data, and has no say in %s" % (self._name, name))
        value = self._judge.ask(["method", self, name, list(args)])
        return self._judge.far(value._number, value._name, self._level) if isinstance(value, Far) and is_told else value
    method.__name__ = name
    return method


_BINARY = "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift".split()
for _name in "len iter next getitem setitem delitem str enter exit int float index abs neg pos invert reversed round".split():
    setattr(Far, "__%s__" % _name, _forward("__%s__" % _name, False))
for _name in ["lt", "le", "gt", "ge", "divmod"] + [first + name for name in _BINARY for first in ("", "r", "i")]:
    setattr(Far, "__%s__" % _name, _forward("__%s__" % _name, True))


def _attached(base):
    """A plain value that came with the object whose value it is: names that the base lacks are the object's."""
    def missing(self, name):
        return getattr(self.__dict__["_far"], name) if "_far" in self.__dict__ else object.__getattribute__(self, name)
    return type(base.__name__, (base,), {"__getattr__": missing})


_ATTACHED = {base: _attached(base) for base in (int, float, str, tuple)}


def attach(value, far):
    if type(value) not in _ATTACHED or not isinstance(far, Far):
        return value
    made = _ATTACHED[type(value)](value)
    made._far = far
    return made


def same(left, right):
    """What `is` says of the objects that two values stand for."""
    numbers = [side._number if isinstance(side, Far) else vars(side)["_far"]._number
               if type(side) in _ATTACHED.values() else None for side in (left, right)]
    return left is right or (numbers[0] is not None and numbers[0] == numbers[1])


def attribute_of_error(error, name):
    far = error.__dict__.get("_far")
    if far is None or name.startswith("_"):
        raise AttributeError(name)
    return getattr(far, name)
