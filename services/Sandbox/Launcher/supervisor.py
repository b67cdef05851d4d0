"""Runs one test: makes its boxes, feeds and watches the program, and reports facts. Verdicts are the service's."""
import json
import os
import select
import signal
import socket
import time

import box
import judge
import wire

TICK = 0.010
GRACE = 0.25
FLAGS = ["-s", "-S", "-B", "-X", "utf8"]
FRAME = 8 << 20


def receive(conn, count):
    data = bytearray()
    while len(data) < count:
        part = conn.recv(count - len(data))
        if not part:
            raise EOFError
        data += part
    return bytes(data)


def job_name(supervisor):
    """The name of a job's group; a supervisor has one job at a time."""
    return "job-%d" % supervisor


def take_header(conn):
    return json.loads(receive(conn, int.from_bytes(receive(conn, 4), "big")))


def serve(run, conn, header, renew):
    """Takes the rest of a request from the service and answers it with the run that was prepared.

    Where its box was gone before the program began, once more with another that `renew()` prepares.
    """
    program, given, test = (receive(conn, header[name]) for name in ("program", "stdin", "test"))
    beside = [(name, receive(conn, length)) for name, length in header.get("files", ())]
    try:
        facts = attempt(run, conn, header, program, given, test, beside)
        if run.never_began:
            run.end()
            run = renew()
            facts = attempt(run, conn, header, program, given, test, beside)
        if facts is None:
            return  # the caller went away
        parts = [bytes(part) for part in (*run.output, run.channel)]
        facts["stdout"], facts["stderr"], facts["channel"] = (len(part) for part in parts)
        data = json.dumps(facts).encode()
        conn.sendall(b"".join([len(data).to_bytes(4, "big"), data, *parts]))
    finally:
        run.end()


def attempt(run, conn, header, program, given, test, beside):
    """The facts of a run, or the error that kept it from being one, or None for a lost caller."""
    run.beside = beside
    try:
        return run.execute(conn, header, program, given, test)
    except Exception as error:
        return {"error": "%s: %s" % (type(error).__name__, error)}


class Run:
    """One box. It is prepared before anybody asks for it, used once and never again."""

    def __init__(self, context):
        self.context, self.failure, self.never_began = context, None, False
        self.output, self.channel, self.beside = (bytearray(), bytearray()), b"", []
        self.children, self.job, self.facts, self.cpu = {}, None, {}, 0.0
        self.status, self.report, self.control = bytearray(), bytearray(), bytearray()
        self.held = set()

    def prepare(self):
        """Makes the namespaces, the group and the root; a failure is told to whoever asks for the box."""
        try:
            self.job = self.context.limiter.open(job_name(os.getpid()))
            self.pipes = {}
            for name in ("in", "out", "err", "status", "go", "report"):
                self.pipes[name] = os.pipe()
                self.held.update(self.pipes[name])
            self.mine, self.theirs = (end.detach() for end in socket.socketpair())
            self.held.update((self.mine, self.theirs))
            self.first = self.make_box()
            self.job.add(self.first)
            os.write(self.pipes["go"][1], b"g")
        except Exception as error:
            self.failure = error

    def execute(self, conn, header, program, given, test):
        if self.failure is not None:
            raise self.failure
        self.conn, self.mode, self.limits, self.given, self.test = conn, header["mode"], header["limits"], given, test
        pipes, mine = self.pipes, self.mine
        started = time.monotonic()
        self.job.limit(self.limits)
        self.send_order(pipes["go"][1], {"mode": self.mode, "limits": self.limits,
                                           "files": [(name, len(data)) for name, data in self.beside]},
                        b"".join([program] + [data for _, data in self.beside]))
        if self.mode == "function":
            self.start_judge(pipes["report"][1], mine)
        for name, keep in (("in", 1), ("out", 0), ("err", 0), ("status", 0), ("report", 0)):
            self.close(pipes[name][1 - keep])
        self.close(pipes["go"][0])
        self.close(self.theirs)
        if self.mode == "function":
            self.close(mine)
        reason = self.watch(self.first, pipes, None if self.mode == "function" else mine, started)
        if reason is None:
            return None
        wall = time.monotonic() - started
        usage = self.settle()
        return self.conclude(reason, wall, usage.get(self.first))

    def send_order(self, descriptor, order, program):
        head = json.dumps(order).encode()
        self.post(descriptor, len(head).to_bytes(4, "big") + head + program)

    def post(self, descriptor, data):
        try:
            _write_all(descriptor, data)
        except BrokenPipeError:
            pass  # the box could not be made, and says so on the status pipe
        self.close(descriptor)

    def close(self, descriptor):
        self.held.discard(descriptor)
        os.close(descriptor)

    def start(self, body, go):
        """Clones a child into fresh namespaces; it waits for a byte on `go`."""
        pid = box.clone(box.NAMESPACES | self.context.extra_namespaces)
        if pid == 0:
            try:
                os.read(go[0], 1)
                body()
            finally:
                os._exit(70)
        self.children[pid] = True
        box.write_maps(pid, *self.context.outer_ids())
        return pid

    def watch(self, first, pipes, control, started):
        """Moves bytes until the program has ended or a limit is reached; returns why it ended, None for a lost caller."""
        readers = {pipes["out"][0]: self.output[0], pipes["err"][0]: self.output[1], pipes["status"][0]: self.status,
                   pipes["report"][0]: self.report}
        if control is not None:
            readers[control] = self.control
        poll, feed, sent = select.poll(), pipes["in"][1], 0
        for descriptor in readers:
            os.set_blocking(descriptor, False)
            poll.register(descriptor, select.POLLIN)
        os.set_blocking(feed, False)
        if self.given and self.mode != "function":
            poll.register(feed, select.POLLOUT)
        else:
            self.close(feed)
        poll.register(self.conn.fileno(), select.POLLIN)
        limits, cpu_before, next_look, program_done, judged = (
            self.limits, self.job.sample(first)[0], started + TICK, False, None)
        while True:
            now = time.monotonic()
            if now - started > limits["wall_seconds"]:
                return "wall"
            if now >= next_look:
                next_look = now + TICK
                cpu, memory = self.job.sample(first)
                cpu -= cpu_before  # what making the box took
                self.cpu = cpu
                if cpu > limits["cpu_seconds"]:
                    return "cpu"
                if memory > limits["memory_bytes"]:
                    return "memory"
            for descriptor, _ in poll.poll(TICK * 1000):
                if descriptor == self.conn.fileno():
                    return None
                if descriptor == feed:
                    sent = self.feed(poll, feed, sent)
                    continue
                if not self.drain(poll, descriptor, readers[descriptor], limits["output_bytes"]):
                    program_done |= descriptor == pipes["status"][0]
                    del readers[descriptor]
            if max(len(part) for part in self.output) > limits["output_bytes"]:
                return "output"
            if self.mode == "function" and pipes["report"][0] not in readers:
                # The judge is done. A program that passed still has to end by itself; for another there is no need.
                judged = judged or now
                if now - judged > GRACE and b'"outcome": "passed"' not in self.report:
                    return "exit"
            if program_done and pipes["report"][0] not in readers and pipes["out"][0] not in readers \
                    and pipes["err"][0] not in readers:
                if control in readers:
                    self.hear_out(control)
                return "exit"

    def hear_out(self, control):
        """Reads what the program had said on descriptor 3 when it ended: more than one read's worth may be waiting."""
        try:
            while len(self.control) <= FRAME:
                part = os.read(control, 1 << 16)
                if not part:
                    return
                self.control += part
        except (BlockingIOError, ConnectionResetError):
            return  # all is heard; whoever still holds the other end is about to be killed

    def feed(self, poll, feed, sent):
        try:
            sent += os.write(feed, self.given[sent:sent + (1 << 16)])
        except BlockingIOError:
            return sent
        except BrokenPipeError:
            sent = len(self.given)
        if sent >= len(self.given):
            poll.unregister(feed)
            self.close(feed)
        return sent

    def drain(self, poll, descriptor, buffer, limit):
        try:
            part = os.read(descriptor, 1 << 16)
        except BlockingIOError:
            return True
        except ConnectionResetError:
            part = b""
        if part and buffer is self.control and len(buffer) > FRAME:
            return True
        if part:
            buffer += part if len(buffer) <= limit or buffer not in self.output else b""
            return True
        poll.unregister(descriptor)
        self.close(descriptor)
        return False

    def settle(self):
        """Kills what is left of the job, waits for it and takes the facts of its group; returns each child's usage."""
        usage = {}
        for pid in list(self.children):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it ended by itself and is waited for below
            usage[pid] = os.wait4(pid, 0)[2]
            del self.children[pid]
        if self.job is not None:
            self.facts.update(self.job.tell())
        return usage

    def end(self):
        """Leaves nothing of the run. What takes time and tells nothing is here, for after the answer."""
        self.settle()
        if self.job is not None:
            self.job.remove()
            self.job = None
        for descriptor in list(self.held):
            self.close(descriptor)

    def read_status(self):
        """What process 1 said: `status`, `own` CPU seconds that are not the program's, `peak` bytes; or `setup`, an error."""
        return json.loads(bytes(self.status)) if self.status else {}

    def conclude(self, reason, wall, usage):
        facts = dict(self.facts, reason=reason, wall=wall, limiter=self.context.limiter.name)
        status = self.read_status()
        judged = self.mode == "function" and self.report
        self.never_began = self.never_began and not judged
        if "setup" in status:
            if reason == "exit" and not judged:
                return {"error": status["setup"]}
            status = {}  # it was ended, by a limit or because the judge had seen enough, before the program began
        facts["cpu"] = max(0.0, usage.ru_utime + usage.ru_stime - status.get("own", 0.0))
        if reason != "exit":
            facts["cpu"] = max(facts["cpu"], self.cpu)  # the kernel forgets the times of processes that it had to kill
        facts["peak"] = max(facts["peak"], status.get("peak", 0))
        facts["status"] = status.get("status")
        for part in self.output:
            del part[self.limits["output_bytes"]:]
        if self.mode == "function":
            facts["compiled"] = self.report.startswith(judge.COMPILED)
            said = bytes(self.report[len(judge.COMPILED) if facts["compiled"] else 0:])
            facts["judge"] = parsed(said)
        else:
            facts["compiled"], facts["compile_error"] = read_control(bytes(self.control))
            # What came after the harness's first word: a call's answer, a trace.
            self.channel = bytes(self.control[4 + int.from_bytes(self.control[:4], "big"):])
        return facts


def parsed(data):
    """A judge's report, or None where the judge was ended over it."""
    try:
        return json.loads(data)
    except ValueError:
        return None


def read_control(data):
    """What the harness said before it ran anything: (compiled, {line, error, text})."""
    parts = iter((data[:4], data[4:4 + int.from_bytes(data[:4], "big")]))
    try:
        message = wire.Line(lambda n: next(parts, b""), None, FRAME, FRAME).receive(lambda number, name: None)
        if message[0] == "compiled":
            return True, None
        return False, {"line": int(message[1]), "error": str(message[2]), "text": str(message[3])}
    except (wire.LineEnded, wire.LineFull, wire.WireError, TypeError, IndexError, ValueError):
        return False, None


def _write_all(descriptor, data):
    while data:
        data = data[os.write(descriptor, data):]
