"""Runs inside the program's box, in the program's own interpreter; nothing here is trusted afterwards.

It compiles the program, says on descriptor 3 whether that worked, and then does what its mode says:
  stdio     runs it as a script
  function  answers the judge's calls
  call      reads [nonce, name, arguments] from standard input, calls the function and says [`value`, nonce, value]
  inside    reads [nonce, test] from standard input, runs the test where the program is and says how it ended
  inspect   runs nothing and says [`complexity`, number]
A mode with `-trace` behind it tells the steps of the run too. `wire.py`, `inspection.py` and `tracing.py` stand in
front of this text.
"""


import os


def _main():
    mode, _, wants_trace = sys.argv[1].partition("-")
    sys.argv = ["program.py"]
    line = Line(lambda n: os.read(3, n), lambda d: os.write(3, d), 8 << 20, 1 << 40)
    no_ref = str
    with open("/program.py", "rb") as file:
        source = file.read()
    import _sitebuiltins
    import builtins
    builtins.exit = _sitebuiltins.Quitter("exit", "Ctrl-D (i.e. EOF)")
    builtins.quit = _sitebuiltins.Quitter("quit", "Ctrl-D (i.e. EOF)")
    # Files that came with the program can be imported, behind the library: a file named json.py is not json.
    sys.path[:] = [entry for entry in sys.path if entry != "/"] + (["/tmp"] if os.listdir("/tmp") else [])
    try:
        code = compile(source, "/program.py", "exec", dont_inherit=True)
    except BaseException as error:
        where = getattr(error, "lineno", None) or 0
        text = getattr(error, "text", None)
        message = str(getattr(error, "msg", None) or error) or type(error).__name__
        text = text.strip()[:200] if isinstance(text, str) else ""
        line.send(["compile-error", where, type(error).__name__ + ": " + message, text], no_ref)
        os._exit(1)
    line.send(["compiled"], no_ref)
    if mode == "inspect":
        line.send(["complexity", complexity(source)], no_ref)
        return
    tracer = Tracer(line) if wants_trace else None
    if mode == "stdio":
        if tracer is None:
            os.close(3)
        module = type(sys)("__main__")
        module.__dict__.update(__builtins__=builtins, __file__="/program.py")
        sys.modules["__main__"] = module
        _traced(tracer, lambda: _guarded(lambda: exec(code, module.__dict__)))
        return
    asked = b"".join(iter(lambda: os.read(0, 1 << 18), b"")) if mode != "function" else b""
    if mode != "function":
        os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    module = type(sys)("program")
    module.__dict__.update(__builtins__=builtins, __file__="/program.py")
    sys.modules["program"] = module
    if mode == "function":
        _guarded(lambda: exec(code, module.__dict__))
        _Server(line, module).serve()
        return
    asked = Unpacker(asked[4:], no_ref).read
    body = _call if mode == "call" else _inside

    def whole():
        exec(code, module.__dict__)
        return body(module, asked())
    # What is traced is not judged, and its answer not sent.
    said = _traced(tracer, lambda: _guarded(whole, most=4096))
    if tracer is None:
        _answer(line, *said)


def _call(module, asked):
    nonce, entry, arguments = asked
    target = module
    for name in entry.split("."):
        if target is module:
            import builtins
            if name not in module.__dict__ and not hasattr(builtins, name):
                raise NameError("name %r is not defined" % name)
            target = module.__dict__[name] if name in module.__dict__ else getattr(builtins, name)
        else:
            target = getattr(target() if isinstance(target, type) else target, name)
    return "value", nonce, target(*arguments)


def _inside(module, asked):
    nonce, test = asked
    import linecache
    linecache.cache["test"] = (len(test), None, test.splitlines(True), "test")
    try:
        exec(compile(test, "test", "exec", dont_inherit=True), module.__dict__)
    except AssertionError as error:
        return "failed", nonce, str(error)[:4096]
    except Exception as error:
        return "raised", nonce, _told(error, error.__traceback__.tb_next)[-4096:]
    return "passed", nonce


def _answer(line, kind, nonce, *rest):
    try:
        line.send([kind, nonce, *rest], None)
    except LineFull as error:
        line.send(["unsendable", nonce, "output-limit", str(error)], None)
    except Exception as error:
        line.send(["unsendable", nonce, "wrong", str(error)[:4096]], None)


def _traced(tracer, action):
    if tracer is None:
        return action()
    try:
        tracer.start()
        return action()
    finally:
        tracer.end()


def _told(error, trace):
    import traceback
    return "".join(traceback.format_exception(type(error), error, trace))


def _guarded(action, most=None):
    """Lets an uncaught exception end the interpreter as usual, without this file's frames in the traceback.

    Of a traceback of more than `most` characters the end is shown.
    """
    try:
        return action()
    except SystemExit:
        raise
    except BaseException as error:
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename == "/harness.py":
            trace = trace.tb_next
        if most is None or _is_short(error, most):
            sys.__excepthook__(type(error), error.with_traceback(trace), trace)
        else:
            os.write(2, _told(error, trace)[-most:].encode("utf-8", "backslashreplace"))
        raise SystemExit(1) from None


def _is_short(error, most):
    """Whether the interpreter's own traceback will do: who cuts one has to load a module first."""
    try:
        return error.__cause__ is None and error.__context__ is None and len(str(error)) < most and len(type(error).__name__) < most
    except Exception:
        return False


class _Server:
    def __init__(self, line, module):
        self.line, self.module, self.objects = line, module, {}

    def ref(self, value):
        self.objects[id(value)] = value
        return "%d %s" % (id(value), type(value).__name__)

    def far(self, number, kind):
        if kind.startswith("builtin:"):
            import builtins
            return getattr(builtins, kind[8:])
        if kind != "callback":
            return self.objects[number]

        def callback(*args, **kwargs):
            self.line.send(["callback", number, list(args), kwargs], self.ref)
            answer = self.line.receive(self.far)
            while answer[0] not in ("value", "failed"):
                self.reply(answer)  # what the test's function asks of an object that it was given
                answer = self.line.receive(self.far)
            if answer[0] == "value":
                return answer[1]
            import builtins
            kind = getattr(builtins, answer[1], Exception)
            raise kind(answer[2])
        return callback

    def serve(self):
        while True:
            try:
                request = self.line.receive(self.far)
                if request[0] == "quit":
                    return
                self.reply(request)
            except LineEnded:
                os._exit(0)  # the judge has seen enough

    def reply(self, request):
        try:
            reply = self.answer(request)
        except Exception as error:
            reply = self.failure(error)
        try:
            self.line.send(reply, self.ref)
        except WireError as error:
            self.line.send(["unsendable", "wrong", str(error)], self.ref)
        except LineFull as error:
            self.line.send(["unsendable", "output-limit", str(error)], self.ref)

    def answer(self, request):
        kind = request[0]
        if kind == "get":
            return self.get(request[1])
        target = request[1]
        if kind == "attribute":
            return ["value", getattr(target, request[2]), None]
        if kind == "set":
            setattr(target, request[2], request[3])
            return ["value", None, None]
        if kind == "isinstance":
            return ["value", isinstance(request[2], target), None]
        if kind == "delete":
            delattr(target, request[2])
            return ["value", None, None]
        if kind == "issubclass":
            return ["value", issubclass(request[2], target), None]
        if kind == "bare":
            if type(target) in (type({}.keys()), type({}.items())):
                target = set(target)
            return ["value", [bare(target)] if plain_base(target) else [], None]
        if kind == "method":
            return ["value", self.operate(target, request[2], request[3]), None]
        args, kwargs = request[2], request[3]
        given = list(args) + list(kwargs.values())
        mutable = [isinstance(arg, (list, dict, set, bytearray)) or type(arg).__name__ == "deque" for arg in given]
        before = pack(given, self.ref) if any(mutable) else None
        value = target(*args, **kwargs)
        changed = None
        if before is not None and pack(given, self.ref) != before:
            changed = [arg if is_mutable else None for arg, is_mutable in zip(given, mutable)]
        return ["value", value, changed]

    @staticmethod
    def operate(target, name, args):
        """Does what the interpreter does for an operator or a built-in function, with both sides' rules."""
        import builtins
        import operator
        if name in ("__enter__", "__exit__"):
            return getattr(type(target), name)(target, *args)
        if name[2] == "r" and "__" + name[3:] in vars(operator):
            return getattr(operator, "__" + name[3:])(args[0], target)
        if name.strip("_") in vars(operator) or name in ("__and__", "__or__"):
            return vars(operator)[name](target, *args)
        return getattr(builtins, name.strip("_"))(target, *args)

    def get(self, name):
        names = self.module.__dict__
        if name not in names:
            return ["absent"]
        value = names[name]
        if type(value) is type(sys):
            return ["module", value.__name__]
        if isinstance(value, type) and issubclass(value, BaseException):
            return ["exception", value.__name__, [base.__name__ for base in value.__mro__]]
        return ["value", value, None]

    def failure(self, error):
        import traceback
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename != "/program.py":
            trace = trace.tb_next
        text = "".join(traceback.format_exception(type(error), error, trace))
        names = [base.__name__[:200] for base in type(error).__mro__]
        plain = all(type(arg) in (str, bytes, int, float, bool, type(None)) for arg in error.args)
        said = list(error.args) if plain and len(pack(list(error.args), str)) < 65536 else None
        return ["failed", names[0], names, str(error)[:65536], text[-4096:], said, error]


if len(sys.argv) > 1:  # else the zygote says when
    _main()
