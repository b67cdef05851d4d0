"""Evaluates an assertion in a box of its own, where the program never runs.

Names that the assertion takes from the program stand for far objects: a call sends plain data to the program's box
and gets plain data back, so the expected value never is where the program could read or change it.
"""
import ast
import builtins
import gc
import os
import sys

import wire
from far import CLASS, INSTANCE, Far, attach, attribute_of_error, same

_MODULES_OF_TESTS = frozenset(sys.stdlib_module_names) - {"os", "sys", "ctypes", "subprocess", "socket", "builtins"}


COMPILED = b"compiled\n"


class FarError(Exception):
    """An exception of a class that only the program knows."""


class Unsendable(BaseException):
    """The program's value cannot be sent; carries the outcome and the reason."""


class Judge:
    """Runs the statements of one test; `run` returns a report of plain JSON values."""

    def __init__(self, read, write, limit):
        self.line = wire.Line(read, write, limit, 4 * limit)
        self.callbacks, self.classes, self.fars = {}, {}, {}
        self.last, self.called, self.trace = None, False, ""

    def ref(self, value):
        if isinstance(value, Far):
            return "%d far" % value._number
        name = getattr(value, "__name__", None)
        if isinstance(name, str) and isinstance(value, (type, type(len))) and getattr(builtins, name, None) is value:
            return "0 builtin:" + name
        if callable(value):
            self.callbacks[id(value)] = value
            return "%d callback" % id(value)
        raise TypeError("the test gives the program a %s, which is not plain data" % type(value).__name__)

    def send(self, message):
        self.line.send(message, self.ref)

    def far(self, number, name, level=0):
        # One for each object and origin: `is` compares them.
        return self.fars.setdefault((number, level), Far(self, number, name, level))

    def receive(self):
        return self.line.receive(self.far, attach)

    def call(self, target, args, kwargs):
        self.called = True
        value = self.ask(["call", target, list(args), kwargs], list(args) + list(kwargs.values()))
        if isinstance(value, Far) and target._level == CLASS:
            value = self.far(value._number, value._name, INSTANCE)
        self.last = value
        return value

    def ask(self, request, args=()):
        self.send(request)
        while True:
            reply = self.receive()
            if reply[0] == "callback":
                self.send(self.call_back(reply))
                continue
            if reply[0] == "value":
                self.take_changes(args, reply[2])
                return reply[1]
            if reply[0] == "unsendable":
                raise Unsendable("output-limit" if reply[1] == "output-limit" else "wrong", str(reply[2]))
            if reply[0] != "failed":
                raise wire.WireError("malformed data: an unknown reply")
            self.trace = str(reply[4])[-4096:]
            raise self.exception(str(reply[1])[:200], reply[2], str(reply[3])[:65536], *reply[5:7])

    def call_back(self, reply):
        try:
            return ["value", self.callbacks[reply[1]](*reply[2], **reply[3])]
        except Exception as error:
            return ["failed", type(error).__name__, str(error)]

    @staticmethod
    def take_changes(args, changed):
        for mine, theirs in zip(args, changed or ()):
            if type(mine) is type(theirs) is list or type(mine) is type(theirs) is bytearray:
                mine[:] = theirs
            elif type(mine) is type(theirs) and isinstance(mine, (dict, set)):
                mine.clear()
                mine.update(theirs)
            elif type(mine) is type(theirs) and hasattr(mine, "popleft"):
                mine.clear()
                mine.extend(theirs)

    def exception(self, name, bases, message, args, far):
        kind = self.classes.get(name) or self.exception_class(name, bases)
        try:
            made = kind(*args) if type(args) is list else kind(message)
        except Exception:
            return FarError("%s: %s" % (name, message))
        if kind.__module__ != "builtins":
            made.__dict__.update(_far=far, _message=message)
        return made

    def exception_class(self, name, bases):
        for base in bases:
            found = self.classes.get(base) or getattr(builtins, str(base), None)
            if isinstance(found, type) and issubclass(found, Exception):
                return found if base == name else type(str(name)[:200], (found,), {
                    "__module__": "program", "__str__": lambda error: error._message, "__getattr__": attribute_of_error})
        return FarError

    def bind(self, tree, names):
        """Gives the free names of the test their meaning."""
        bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
        bound |= {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
        bound |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        wanted = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - bound
        foreign = {name for name in wanted if not hasattr(builtins, name)}
        # A program that defines abs() must not change what abs() means to a test of another function.
        own_functions = {name for name in foreign if name not in _MODULES_OF_TESTS}
        for name in sorted(foreign if own_functions else wanted):
            if own_functions and name in _MODULES_OF_TESTS:
                names[name] = __import__(name)  # nor may one that defines `math` change what that is
                continue
            reply = self.find(name)
            if reply is not None:
                names[name] = reply[0]

    def find(self, name):
        self.send(["get", name])
        reply = self.receive()
        if reply[0] == "value":
            value = reply[1]
            if isinstance(value, Far) and name.lstrip("_")[:1].isupper():
                value = self.far(value._number, value._name, CLASS)
            return (value,)
        if reply[0] == "exception":
            self.classes[name] = self.exception_class(name, reply[2])
            return (self.classes[name],)
        if name in _MODULES_OF_TESTS and reply[0] == "absent":
            return (__import__(name),)
        if reply[0] == "module" and str(reply[1]).split(".")[0] in _MODULES_OF_TESTS:
            __import__(reply[1])
            return (sys.modules[reply[1]],)
        return None

    def run(self, code, compiled):
        """Runs the test's code; calls `compiled` once the program is known to compile."""
        report = {"outcome": "failed", "expected": "", "actual": "", "error": ""}
        try:
            tree = ast.parse(code, "test")
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return dict(report, outcome="bad-test", error="%s: %s" % (type(error).__name__, error))
        if belongs_inside(tree):
            return dict(report, outcome="inside")
        names = {"__name__": "test", "__builtins__": builtins, _SAME_NAME: same}
        try:
            first = self.receive()
            if first[0] == "compile-error":
                return dict(report, outcome="compile-error", line=int(first[1]), error=str(first[2])[:4096], text=str(first[3])[:1024])
            report["compiled"] = True
            compiled()
            self.bind(tree, names)
            for statement in tree.body:
                if not self.step(statement, names, report):
                    return report
            self.send(["quit"])
            return dict(report, outcome="passed")
        except wire.LineEnded:
            return dict(report, outcome="ended")
        except wire.LineFull as error:
            return dict(report, outcome="output-limit", actual=str(error))
        except Unsendable as error:
            return dict(report, outcome=error.args[0], actual=error.args[1])
        except (wire.WireError, IndexError) as error:
            return dict(report, outcome="wrong", actual=str(error))
        except AssertionError as error:
            return dict(report, outcome="wrong", actual=show(self.last) if self.called else "", error=str(error)[:500])
        except BaseException as error:
            text = self.trace or "%s: %s" % (type(error).__name__, error)
            outcome = "memory" if isinstance(error, MemoryError) else "raised"
            return dict(report, outcome=outcome, actual=("%s: %s" % (type(error).__name__, error))[:700], error=text[-4096:])

    def step(self, statement, names, report):
        """Runs a statement; a top-level comparison is taken apart so that both sides can be shown."""
        test = statement.test if isinstance(statement, ast.Assert) else None
        report["expected"] = report["actual"] = ""
        if not isinstance(test, ast.Compare) or len(test.ops) != 1:
            if test is not None:
                report["expected"] = ast.unparse(test)
            exec(compile(_SAME.visit(ast.Module([statement], [])), "test", "exec"), names)
            return True
        sides = (test.left, test.comparators[0])
        mine = [any(isinstance(n, ast.Name) and isinstance(names.get(n.id), Far) for n in ast.walk(side)) for side in sides]
        shown = 1 if mine[1] and not mine[0] else 0
        other = sides[1 - shown]
        report["expected"] = ("" if isinstance(test.ops[0], ast.Eq) else _SIGNS.get(type(test.ops[0]), "") + " ") + ast.unparse(other)
        values = [eval(compile(_SAME.visit(ast.Expression(side)), "test", "eval"), names) for side in sides]
        report["actual"] = show(self.last if self.called and not mine[shown] else values[shown])
        probe = ast.Compare(ast.Name("a", ast.Load()), test.ops, [ast.Name("b", ast.Load())])
        code = compile(_SAME.visit(ast.fix_missing_locations(ast.Expression(probe))), "test", "eval")
        if eval(code, {"a": values[0], "b": values[1], _SAME_NAME: same}):
            return True
        report["outcome"] = "wrong"
        return False


def belongs_inside(tree):
    """Whether a test asks for the program's own process: its streams, modules, random numbers, frames or identities.

    What it asks for, no line of data can carry. It is then run there, and its verdict is worth less.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.attr in _OF_THE_PROCESS.get(node.value.id, ()) or node.value.id in _WHOLE_MODULES:
                return True
        if (getattr(node, "id", None) or getattr(node, "attr", None)) in _NAMES_INSIDE:
            return True
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            named = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
            if any(name.split(".")[-1] in _NAMES_INSIDE for name in named):
                return True
        elif isinstance(node, ast.Compare) and len(node.ops) == 1 and _compares_identity(node):
            return True
    return False


def _compares_identity(node):
    """`f(x) is x`, and `type(f(x))` beside a class of the program's."""
    for one, other in ((node.left, node.comparators[0]), (node.comparators[0], node.left)):
        if not isinstance(one, ast.Call) or not isinstance(other, ast.Name):
            continue
        if isinstance(one.func, ast.Name) and one.func.id == "type" and other.id.lstrip("_")[:1].isupper():
            return True
        given = {arg.id for arg in one.args if isinstance(arg, ast.Name)}
        if isinstance(node.ops[0], (ast.Is, ast.IsNot)) and other.id in given:
            return True
    return False


_OF_THE_PROCESS = {
    "sys": {"stdin", "stdout", "stderr", "modules", "argv", "setrecursionlimit", "settrace", "setprofile", "_getframe"},
    "random": {"seed", "setstate", "getstate"},
    "os": {"environ", "putenv", "chdir"},
}
_WHOLE_MODULES = {"inspect", "gc", "warnings", "importlib", "tracemalloc", "mock"}
_NAMES_INSIDE = {"redirect_stdout", "redirect_stderr", "mock", "patch", "MagicMock", "globals", "capsys", "monkeypatch"}


class _Same(ast.NodeTransformer):
    """Puts `same` in the place of `is`: one object of the program may have come here by two ways."""

    def visit_Compare(self, node):
        self.generic_visit(node)
        if len(node.ops) != 1 or not isinstance(node.ops[0], (ast.Is, ast.IsNot)):
            return node
        called = ast.Call(ast.Name(_SAME_NAME, ast.Load()), [node.left, node.comparators[0]], [])
        made = called if isinstance(node.ops[0], ast.Is) else ast.UnaryOp(ast.Not(), called)
        return ast.fix_missing_locations(ast.copy_location(made, node))


_SAME, _SAME_NAME = _Same(), "__is_same__"
_SIGNS = {ast.NotEq: "not", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is", ast.IsNot: "is not",
          ast.In: "in", ast.NotIn: "not in"}


def show(value):
    Far.showing = True
    _digits(10000)  # writing out a number of a million digits takes longer than any test
    try:
        return repr(value)[:8192]
    except ValueError:
        return "<a value with a number of very many digits>"
    except BaseException as error:
        return "<a value that cannot be shown: %s>" % type(error).__name__
    finally:
        Far.showing = False
        _digits(0)


def _digits(most):
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(most)


def main(code, descriptor, report, limit):
    """The judge's process: ends with its report written to the descriptor `report`."""
    import json
    gc.enable()
    _digits(0)
    sys.setrecursionlimit(5000)
    judge = Judge(lambda n: os.read(descriptor, n), lambda d: os.write(descriptor, d), limit)
    # Said at once: a program that then runs into a limit did compile, and its judge may not live to say more.
    result = judge.run(code, lambda: os.write(report, COMPILED))
    # A lone surrogate is text to Python and to nobody else.
    result = {name: part.encode("utf-8", "replace").decode() if type(part) is str else part for name, part in result.items()}
    data = json.dumps(result).encode()
    while data:
        data = data[os.write(report, data):]
