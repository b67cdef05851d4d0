"""System calls one after another without the interpreter between them.

A forked interpreter that makes a call itself touches some fifty pages of memory first, each of which is copied, and where a
virtual machine's page tables are kept by its host that takes longer than most calls do. So what makes a box is a table, worked
out once, and a few instructions that go through it. Stands in front of `zygote.py` in one file with it and uses what that
imports.
"""
_GENERIC = {
    "read": 63, "write": 64, "openat": 56, "close": 57, "dup3": 24, "mount": 40, "unlinkat": 35, "chdir": 49, "setresuid": 147,
    "setresgid": 149, "socket": 198, "ioctl": 29, "sethostname": 161, "prctl": 167, "capset": 91, "seccomp": 277, "wait4": 260,
    "getrusage": 165, "exit_group": 94, "rt_sigaction": 134, "clone": 220, "close_range": 436, "madvise": 233,
}
_X86_64 = {
    "read": 0, "write": 1, "openat": 257, "close": 3, "dup3": 292, "mount": 165, "unlinkat": 263, "chdir": 80, "setresuid": 117,
    "setresgid": 119, "socket": 41, "ioctl": 16, "sethostname": 170, "prctl": 157, "capset": 126, "seccomp": 317, "wait4": 61,
    "getrusage": 98, "exit_group": 231, "rt_sigaction": 13, "clone": 56, "close_range": 436, "madvise": 28,
}
# An entry of the table, in words: number, six arguments, result, the result that is looked for, and the addresses of the
# entry that follows that result, any other, and an error; 0 ends the list.
_WORDS, _RESULT, _VALUE, _SAME, _OTHER, _ERROR = 12, 7, 8, 9, 10, 11
_INSTRUCTIONS = bytes.fromhex(
    "53"              # push rbx
    "4889fb"          # mov rbx, rdi            the entry
    "488b03"          # again: mov rax, [rbx]
    "488b7b08"        # mov rdi, [rbx+8]
    "488b7310"        # mov rsi, [rbx+16]
    "488b5318"        # mov rdx, [rbx+24]
    "4c8b5320"        # mov r10, [rbx+32]
    "4c8b4328"        # mov r8, [rbx+40]
    "4c8b4b30"        # mov r9, [rbx+48]
    "0f05"            # syscall
    "48894338"        # mov [rbx+56], rax
    "4889d9"          # mov rcx, rbx
    "483d01f0ffff"    # cmp rax, -4095
    "7312"            # jae error
    "483b4340"        # cmp rax, [rbx+64]
    "7406"            # je same
    "488b5b50"        # mov rbx, [rbx+80]
    "eb0a"            # jmp next
    "488b5b48"        # same: mov rbx, [rbx+72]
    "eb04"            # jmp next
    "488b5b58"        # error: mov rbx, [rbx+88]
    "4885db"          # next: test rbx, rbx
    "75b9"            # jne again
    "4889c8"          # mov rax, rcx            the last entry
    "5b"              # pop rbx
    "c3")             # ret


class _Calls:
    """A list of system calls, run as many times as wanted."""

    def __init__(self, is_x86_64, most):
        self.numbers = _X86_64 if is_x86_64 else _GENERIC
        self.table, self.names, self.kept = (ctypes.c_long * (_WORDS * most))(), [], []
        self.base = ctypes.addressof(self.table)
        self.run_from = is_x86_64 and _executable(_INSTRUCTIONS) or self._step_by_step

    def place(self, data):
        """The address of a copy of these bytes, with a zero behind them."""
        self.kept.append(ctypes.create_string_buffer(data, len(data) + 1))
        return ctypes.addressof(self.kept[-1])

    def add(self, name, *arguments, gives=None, fails=True):
        """Adds a call after the last one; returns its place in the list.

        An error ends the list, unless `fails` is false; so does anything else than `gives`, where given.
        """
        at = len(self.names)
        after = self.address(at + 1)
        self.names.append(name)
        self.set(at, 0, self.numbers[name])
        for number, argument in enumerate(arguments, 1):
            self.set(at, number, self.place(argument) if isinstance(argument, bytes) else argument)
        self.set(at, _VALUE, gives or 0)
        self.set(at, _SAME, after)
        self.set(at, _OTHER, 0 if gives is not None else after)
        self.set(at, _ERROR, 0 if fails else after)
        return at

    def set(self, at, word, value):
        self.table[at * _WORDS + word] = value

    def address(self, at):
        return self.base + at * _WORDS * 8

    def run(self):
        """Runs the list from its beginning; returns the place of the last call that was made, and its result."""
        at = (self.run_from(self.base) - self.base) // (_WORDS * 8)
        return at, self.table[at * _WORDS + _RESULT]

    def _step_by_step(self, address):
        """What the instructions do, for another processor or where memory cannot be made executable."""
        while address:
            first, last = (address - self.base) // 8, address
            result = _C.syscall(*[ctypes.c_long(word) for word in self.table[first:first + 7]])
            result = -ctypes.get_errno() if result == -1 else result
            self.table[first + _RESULT] = result
            word = _ERROR if -4096 < result < 0 else _SAME if result == self.table[first + _VALUE] else _OTHER
            address = self.table[first + word]
        return last


def _executable(instructions):
    """A function of one address made of these instructions, or None where the kernel refuses such memory."""
    _C.mmap.restype = ctypes.c_void_p
    _C.mmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long)
    _C.mprotect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    page = _C.mmap(None, len(instructions), 3, 0x22, -1, 0)  # PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS
    if page is None or page == ctypes.c_void_p(-1).value:
        return None
    ctypes.memmove(page, instructions, len(instructions))
    if _C.mprotect(page, len(instructions), 5) < 0:  # PROT_READ | PROT_EXEC
        return None
    # With the interpreter's lock held: a fork must not come back without it.
    return ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(page)
