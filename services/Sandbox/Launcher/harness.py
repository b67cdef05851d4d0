"""Runs inside the program's box, in the program's own interpreter; nothing here is trusted afterwards.

It compiles the program, says on descriptor 3 whether that worked, and then either runs it as a script (stdio) or
answers the judge's calls (function). `wire.py` stands in front of this text.
"""


import os


def _main():
    mode = sys.argv[1]
    sys.argv = ["program.py"]
    line = Line(lambda n: os.read(3, n), lambda d: os.write(3, d), 8 << 20, 1 << 40)
    no_ref = str
    with open("/program.py", "rb") as file:
        source = file.read()
    import _sitebuiltins
    import builtins
    builtins.exit = _sitebuiltins.Quitter("exit", "Ctrl-D (i.e. EOF)")
    builtins.quit = _sitebuiltins.Quitter("quit", "Ctrl-D (i.e. EOF)")
    sys.path[:] = [entry for entry in sys.path if entry != "/"]
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
    if mode == "stdio":
        os.close(3)
        module = type(sys)("__main__")
        module.__dict__.update(__builtins__=builtins, __file__="/program.py")
        sys.modules["__main__"] = module
        _guarded(lambda: exec(code, module.__dict__))
        return
    module = type(sys)("program")
    module.__dict__.update(__builtins__=builtins, __file__="/program.py")
    sys.modules["program"] = module
    _guarded(lambda: exec(code, module.__dict__))
    _Server(line, module).serve()


def _guarded(action):
    """Lets an uncaught exception end the interpreter as usual, without this file's frames in the traceback."""
    try:
        action()
    except SystemExit:
        raise
    except BaseException as error:
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename == "/harness.py":
            trace = trace.tb_next
        sys.__excepthook__(type(error), error.with_traceback(trace), trace)
        raise SystemExit(1) from None


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
