"""A supervisor's process: keeps a box ready and serves one run after another."""
import os
import signal

import box
import command
import supervisor
import warm


def main(accept, context, launcher):
    """Serves whoever `accept` returns, until it raises; never returns."""
    code = 1
    try:
        box.die_with_parent(lambda: os.getppid() != launcher)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        serve_all(accept, context)
        code = 0
    finally:
        os._exit(code)


def serve_all(accept, context):
    pool, run = warm.Pool(context), None

    def renew():
        fresh = warm.WarmRun(context, pool)
        fresh.prepare()
        return fresh

    try:
        while True:
            run = run or renew()
            with accept() as conn:
                try:
                    header = supervisor.take_header(conn)
                    if header.get("kind") == "command":
                        run.end()  # the box that was prepared is the interpreter's
                        command.serve(context, conn, header)
                        continue
                    if run.is_lost():
                        run.end()
                        run = renew()
                    supervisor.serve(run, conn, header, renew)
                except (EOFError, ConnectionError):
                    pass  # the caller went away
                finally:
                    run.end()
                    run = None
    except IndexError:
        pass  # the trial has had its run
    finally:
        if run is not None:
            run.end()
        pool.end()
