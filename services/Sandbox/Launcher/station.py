"""A supervisor's process: keeps a box ready and serves one run after another."""
import os
import signal
import traceback

import box
import command
import nursery
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
    # Before anything is asked: what comes of it must not know what was.
    judges, pool, run = nursery.Nursery(context), warm.Pool(context), None

    def renew():
        fresh = warm.WarmRun(context, pool, judges)
        fresh.prepare()
        return fresh

    try:
        while True:
            run = run or renew()
            with accept() as conn:
                try:
                    header = supervisor.take_header(conn)
                    if header.get("kind") == "command":
                        # In a process of its own: the box that is ready is an interpreter's, and stays.
                        serve_apart(lambda: command.serve(context, conn, header))
                        continue
                    if run.is_lost():
                        run.end()
                        run = renew()
                    supervisor.serve(run, conn, header, renew)
                except (EOFError, ConnectionError):
                    pass  # the caller went away
                run.end()
                run = None
    except IndexError:
        pass  # the trial has had its run
    finally:
        if run is not None:
            run.end()
        pool.end()
        judges.end()


def serve_apart(serve):
    station = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            box.die_with_parent(lambda: os.getppid() != station)
            serve()
        except (EOFError, ConnectionError):
            pass  # the caller went away
        except BaseException:
            traceback.print_exc()  # the service logs it
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
