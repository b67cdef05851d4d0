"""Which pages of memory a small program touches: found by a trial, so that a box copies them in a few calls, not by a fault each.

Stands in front of `zygote.py` in one file with it and uses what that imports. See madvise(2), MADV_POPULATE_READ and
MADV_POPULATE_WRITE, which Linux knows from 5.14 on; before that the calls fail, and the pages are copied when they are touched.
"""
_POPULATE_READ, _POPULATE_WRITE, _PAGE = 22, 23, 4096
# Of an entry of /proc/PID/pagemap: the page is there, and no other process has it.
_PRESENT, _EXCLUSIVE = 1 << 63, 1 << 56


def _touched(processes, motions):
    """Ranges (start, end, advice) that a fork of this process will want, having gone through the `motions`.

    `processes` is a descriptor of /proc. A page that a fork has written to is its own; the libraries' code is shared.
    """
    told, tell = posix.pipe()
    trial = posix.fork()
    if trial == 0:
        # Whatever goes wrong stays in here: without the ranges boxes are only slower.
        try:
            motions()
            _write_all(tell, marshal.dumps(list(_ranges(processes))))
        finally:
            posix._exit(0)
    posix.close(tell)
    data = b"".join(iter(lambda: posix.read(told, 1 << 16), b""))
    posix.close(told)
    posix.waitpid(trial, 0)
    return marshal.loads(data) if data else []


def _ranges(processes):
    table = posix.open("self/pagemap", posix.O_RDONLY, dir_fd=processes)
    for start, end, rights, name in list(_mappings(processes)):
        if rights.startswith("r-x") and ".so" in name:
            yield start, end, _POPULATE_READ
        if not rights.startswith("rw"):
            continue
        data = posix.pread(table, (end - start) // _PAGE * 8, start // _PAGE * 8)
        first = None
        for number, word in enumerate(memoryview(data).cast("Q")):
            own = word & _PRESENT and word & _EXCLUSIVE
            if own and first is None:
                first = start + number * _PAGE
            elif not own and first is not None:
                yield first, start + number * _PAGE, _POPULATE_WRITE
                first = None
        if first is not None:
            yield first, end, _POPULATE_WRITE


def _mappings(processes):
    """This process's mappings: start, end, rights, name."""
    file = posix.open("self/maps", posix.O_RDONLY, dir_fd=processes)
    text = b"".join(iter(lambda: posix.read(file, 1 << 16), b""))
    posix.close(file)
    for line in text.decode("utf-8", "replace").splitlines():
        span, rights, _, _, _, *name = line.split(None, 5)
        start, end = (int(part, 16) for part in span.split("-"))
        yield start, end, rights, "".join(name)
