"""Tells the steps of a traced run: lines, calls, returns, exceptions, and the variables that changed.

It runs in the program's box and is the program's to disturb: who removes it has a shorter trace. Uses `sys` of wire.py.
"""


class Tracer:
    """Sends the first steps as they come and the last ones at the end; a run of very many steps is ended."""

    FIRST, LAST, MOST, LONGEST, CHANGES = 100, 100, 20000, 120, 16

    def __init__(self, line):
        import reprlib
        self.line, self.count, self.last, self.seen, self.ended = line, 0, [], {}, False
        self.short = reprlib.Repr()
        self.short.maxstring = self.short.maxother = self.short.maxlong = 100
        self.short.maxlist = self.short.maxtuple = self.short.maxdict = self.short.maxset = self.short.maxdeque = 12

    def start(self):
        sys.settrace(self.enter)

    def end(self):
        sys.settrace(None)
        if not self.ended:
            self.ended = True
            self.line.send(["last", self.count - min(self.count, self.FIRST) - len(self.last), self.last], None)

    def enter(self, frame, event, arg):
        if frame.f_code.co_filename != "/program.py":
            return None
        self.tell(frame, "call", self.changes(frame))
        return self.step

    def step(self, frame, event, arg):
        if event == "exception":
            said = [self.cut("%s: %s" % (arg[0].__name__, self.write(str, arg[1])))]
        elif event == "return":
            self.seen.pop(id(frame), None)
            said = [self.cut(self.write(self.short.repr, arg))]
        else:
            said = self.changes(frame)
        self.tell(frame, event, said)
        return self.step

    def tell(self, frame, event, said):
        step = [frame.f_lineno, event, frame.f_code.co_name[:100], said]
        self.count += 1
        if self.count <= self.FIRST:
            self.line.send(["step", step], None)
            return
        self.last.append(step)
        if len(self.last) > self.LAST:
            del self.last[0]
        if self.count >= self.MOST:
            self.end()
            import os
            os._exit(0)

    def changes(self, frame):
        before, now = self.seen.get(id(frame), {}), {}
        for name, value in list(frame.f_locals.items()):
            if not name.startswith("__") and type(value).__name__ not in ("module", "function", "type"):
                now[name] = self.cut("%s = %s" % (name, self.write(self.short.repr, value)))
        self.seen[id(frame)] = now
        return [text for name, text in now.items() if before.get(name) != text][:self.CHANGES]

    @staticmethod
    def write(way, value):
        try:
            return str(way(value))
        except Exception as error:
            return "<a value that cannot be shown: %s>" % type(error).__name__

    def cut(self, text):
        return text if len(text) <= self.LONGEST else text[:self.LONGEST - 1] + "\u2026"
