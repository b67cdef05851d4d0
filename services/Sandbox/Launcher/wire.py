"""Plain data as bytes, for the line between a program's box and the judge's box.

No pickle and no marshal: whoever reads must survive whatever a hostile writer sends. Used by both sides.
"""
import sys

MAX_DEPTH = 400


class WireError(Exception):
    """The bytes are not what `pack` makes, or a value nests too deep to be sent."""


class LineEnded(BaseException):
    """The other side is gone. No Exception: a test that catches those must not swallow it."""


class LineFull(BaseException):
    """More data than a line carries."""


def pack(value, ref):
    """Returns the bytes of a value; `ref(value)` gives a label, `number kind`, for what is not plain data.

    Without `ref` only the plain content of a value is sent, and the name of the class of what has none.
    """
    out = []
    _pack(value, out, ref, 0)
    return b"".join(out)


def _text(tag, data):
    return b"%c%d:%b" % (tag, len(data), data)


def _pack(value, out, ref, depth):
    if depth > MAX_DEPTH:
        raise WireError("the value nests deeper than %d levels" % MAX_DEPTH)
    kind = type(value)
    if value is None:
        out.append(b"N")
    elif kind is bool:
        out.append(b"T" if value else b"F")
    elif kind is int:
        out.append(_text(105, b"%x" % value))
    elif kind is float:
        out.append(_text(102, float.__repr__(value).encode()))
    elif kind is str:
        out.append(_text(115, value.encode("utf-8", "surrogatepass")))
    elif kind is bytes:
        out.append(_text(98, value))
    elif kind is bytearray:
        out.append(_text(66, bytes(value)))
    elif kind is complex:
        out.append(_text(99, ("%r %r" % (value.real, value.imag)).encode()))
    elif kind is range:
        out.append(_text(114, ("%x %x %x" % (value.start, value.stop, value.step)).encode()))
    elif kind in _SEQUENCES:
        items = list(value)
        out.append(b"%c%d:" % (_SEQUENCES[kind], len(items)))
        for item in items:
            _pack(item, out, ref, depth + 1)
    elif kind is dict:
        pairs = list(value.items())
        out.append(b"d%d:" % len(pairs))
        for key, item in pairs:
            _pack(key, out, ref, depth + 1)
            _pack(item, out, ref, depth + 1)
    else:
        _pack_other(value, kind, out, ref, depth)


def _pack_other(value, kind, out, ref, depth):
    name = (kind.__module__, kind.__name__)
    if name == ("decimal", "Decimal") and kind is getattr(sys.modules.get("decimal"), "Decimal", None):
        out.append(_text(68, str(value).encode()))
        return
    if name == ("fractions", "Fraction") and kind is getattr(sys.modules.get("fractions"), "Fraction", None):
        out.append(_text(81, ("%x %x" % (value.numerator, value.denominator)).encode()))
        return
    if kind is type and value in _TYPES:
        out.append(_text(89, value.__name__.encode()))
        return
    if name in _PARTS and kind is getattr(sys.modules.get(name[0]), name[1], None):
        parts = _PARTS[name](value)
        if parts is not None:
            out.append(b"P%d:" % (len(parts) + 2))
            for part in (*name, *parts):
                _pack(part, out, ref, depth + 1)
            return
    base = plain_base(value)
    if ref is None:
        if kind in _VIEWS:
            _pack(set(value), out, ref, depth)
        elif base is not None:
            _pack(_BARE[base](value), out, ref, depth)
        else:
            out.append(_text(79, str(kind.__name__)[:200].encode("utf-8", "replace")))
        return
    if base is not None and kind.__module__ == "far" and "_far" in getattr(value, "__dict__", ()):
        value, base = value._far, None
    if base is None:
        out.append(_text(82, ref(value).encode("utf-8", "replace")))
    elif base in _LASTING and sends_attributes(kind):
        # With the object itself: a namedtuple or an IntEnum has names that its base lacks.
        out.append(b"V2:" + _text(82, ref(value).encode("utf-8", "replace")))
        _pack(_BARE[base](value), out, ref, depth + 1)
    elif base not in _LASTING and sends_attributes(kind):
        out.append(_text(82, ref(value).encode("utf-8", "replace")))
    else:
        _pack(_BARE[base](value), out, ref, depth)


def plain_base(value):
    """The plain type whose values a subclass's values compare as (defaultdict, namedtuple, IntEnum), or None."""
    kind = type(value)
    for base in _BARE:
        if base in kind.__mro__ and (kind.__eq__ is base.__eq__ or (kind.__module__, kind.__name__) in _KNOWN_SUBCLASSES):
            return base
    return None


def bare(value):
    """The plain value of a subclass's value; `plain_base` is not None for it."""
    return _BARE[plain_base(value)](value)


def sends_attributes(kind):
    """Whether a class is not the library's: its values may have names of their own."""
    return kind.__module__ not in ("collections", "far", "test")


def _zone(value):
    import datetime
    return value.tzinfo is None or type(value.tzinfo) is datetime.timezone


def _factory(value):
    return value.default_factory is None or value.default_factory in _TYPES


_KNOWN_SUBCLASSES = {("collections", "OrderedDict"), ("collections", "Counter")}
_LASTING = (int, float, str, bytes, tuple)
_TYPES = (int, float, str, bool, bytes, list, tuple, dict, set, frozenset, complex)
# Library types that are data too: what their constructors are given again on the other side.
_PARTS = {
    ("collections", "deque"): lambda v: (list(v), v.maxlen),
    ("collections", "OrderedDict"): lambda v: (list(v.items()),),
    ("collections", "Counter"): lambda v: (dict(v.items()),),
    ("collections", "defaultdict"): lambda v: (v.default_factory, dict(v.items())) if _factory(v) else None,
    ("array", "array"): lambda v: (v.typecode, v.tolist()),
    ("datetime", "timedelta"): lambda v: (v.days, v.seconds, v.microseconds),
    ("datetime", "timezone"): lambda v: (v.utcoffset(None),),
    ("datetime", "date"): lambda v: (v.year, v.month, v.day),
    ("datetime", "time"): lambda v: (v.hour, v.minute, v.second, v.microsecond, v.tzinfo) if _zone(v) else None,
    ("datetime", "datetime"): lambda v: (v.year, v.month, v.day, v.hour, v.minute, v.second, v.microsecond, v.tzinfo)
    if _zone(v) else None,
}
_VIEWS = (type({}.keys()), type({}.items()))
_SEQUENCES = {list: 108, tuple: 116, set: 83, frozenset: 90}
_BARE = {
    int: lambda v: int.__add__(v, 0),
    float: lambda v: float.__add__(v, -0.0),
    str: lambda v: str.__str__(v) if type(str.__str__(v)) is str else "".join(str.__iter__(v)),
    bytes: lambda v: b"".join([bytes.__getitem__(v, slice(None))]) + b"",
    tuple: lambda v: tuple(list(tuple.__iter__(v))),
    list: lambda v: list(list.__iter__(v)),
    set: lambda v: set(set.__iter__(v)),
    dict: lambda v: dict(dict.items(v)),
    frozenset: lambda v: frozenset(list(frozenset.__iter__(v))),
}


class Unpacker:
    """Reads one packed value; `ref(number, kind)` makes what stands for a far object."""

    def __init__(self, data, ref, attach=None):
        self.data, self.ref, self.at = data, ref, 0
        self.attach = attach or (lambda value, far: value)

    def read(self):
        try:
            value = self._read(0)
        except WireError:
            raise
        except (ValueError, TypeError, LookupError, OverflowError, ArithmeticError, RecursionError, AttributeError) as error:
            raise WireError("malformed data: %s" % error) from None
        if self.at != len(self.data):
            raise WireError("malformed data: bytes left over")
        return value

    def _number(self):
        end = self.data.index(b":", self.at, self.at + 24)
        number = int(self.data[self.at:end])
        self.at = end + 1
        if not 0 <= number <= len(self.data) - self.at:
            raise WireError("malformed data: a length of %d" % number)
        return number

    def _read(self, depth):
        if depth > MAX_DEPTH + 2:
            raise WireError("the value nests too deep")
        tag = self.data[self.at]
        self.at += 1
        if tag == 78:
            return None
        if tag == 84:
            return True
        if tag == 70:
            return False
        count = self._number()
        if tag in b"ltSZ":
            items = [self._read(depth + 1) for _ in range(count)]
            return items if tag == 108 else {116: tuple, 83: set, 90: frozenset}[tag](items)
        if tag == 80:
            module, name, *parts = [self._read(depth + 1) for _ in range(count)]
            if (module, name) not in _PARTS:
                raise WireError("malformed data: an unknown type")
            return getattr(__import__(module), name)(*parts)
        if tag == 86:
            far = self._read(depth + 1)
            return self.attach(self._read(depth + 1), far)
        if tag == 100:
            return dict([(self._read(depth + 1), self._read(depth + 1)) for _ in range(count)])
        raw = self.data[self.at:self.at + count]
        self.at += count
        if tag == 105:
            return int(raw, 16)
        if tag == 115:
            return raw.decode("utf-8", "surrogatepass")
        if tag == 98:
            return raw
        if tag == 66:
            return bytearray(raw)
        if tag == 102:
            return _float(raw.decode())
        parts = raw.decode("utf-8", "replace").split(" ")
        if tag == 99:
            return complex(_float(parts[0]), _float(parts[1]))
        if tag == 114:
            return range(*[int(part, 16) for part in parts])
        if tag == 68:
            import decimal
            return decimal.Decimal(parts[0])
        if tag == 81:
            import fractions
            return fractions.Fraction(int(parts[0], 16), int(parts[1], 16))
        if tag == 89:
            return {kind.__name__: kind for kind in _TYPES}[parts[0]]
        if tag == 82:
            return self.ref(int(parts[0]), parts[1])
        raise WireError("malformed data: tag %d" % tag)


def _float(text):
    if len(text) > 64:
        raise WireError("malformed data: a float")
    return float(text)


class Line:
    """Frames of four length bytes and a packed list over a descriptor of a socket pair."""

    def __init__(self, read, write, limit, total):
        self._read, self._write = read, write
        self.limit, self.left = limit, total

    def send(self, message, ref):
        data = pack(message, ref)
        if len(data) > self.limit:
            raise LineFull("the value takes more than %d bytes" % self.limit)
        data = memoryview(len(data).to_bytes(4, "big") + data)
        try:
            while data:
                data = data[self._write(data):]
        except ConnectionError:
            raise LineEnded from None

    def receive(self, ref, attach=None):
        length = int.from_bytes(self._exactly(4), "big")
        if length > self.limit:
            raise WireError("malformed data: a frame of %d bytes" % length)
        self.left -= length
        if self.left < 0:
            raise LineFull("all values together take more bytes than a test may receive")
        return Unpacker(self._exactly(length), ref, attach).read()

    def _exactly(self, count):
        parts = []
        while count:
            try:
                part = self._read(min(count, 1 << 18))
            except ConnectionError:
                part = b""
            if not part:
                raise LineEnded
            parts.append(part)
            count -= len(part)
        return b"".join(parts)
