"""Finds what the interpreter needs to run: itself, its standard library, and the shared objects of both."""
import os
import struct
import subprocess
import sys

# Extension modules that drag in whole desktops or are for CPython's own tests.
_LEFT_OUT = ("_tkinter", "_test", "_ctypes_test", "xx", "nis.")


def loader_of(path):
    """The program interpreter (PT_INTERP) that an ELF file names, or None."""
    with open(path, "rb") as file:
        head = file.read(64)
        if head[:4] != b"\x7fELF" or head[4] != 2:
            return None
        offset, = struct.unpack_from("<Q", head, 32)
        size, count = struct.unpack_from("<HH", head, 54)
        file.seek(offset)
        table = file.read(size * count)
        for at in range(0, size * count, size):
            kind, = struct.unpack_from("<I", table, at)
            if kind == 3:
                where, = struct.unpack_from("<Q", table, at + 8)
                length, = struct.unpack_from("<Q", table, at + 32)
                file.seek(where)
                return file.read(length).rstrip(b"\0").decode()
    return None


def shared_objects(loader, path):
    """The shared objects that the loader would open for a file, as it names them."""
    listed = subprocess.run([loader, "--list", path], capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    found = set()
    for line in listed.splitlines():
        words = line.split()
        if "=>" in words and words[-1].startswith("("):
            found.add(words[words.index("=>") + 1])
        elif words and words[0].startswith("/"):
            found.add(words[0])
    return {item for item in found if item.startswith("/") and os.path.isfile(item)}


def discover():
    """Describes this process's interpreter: its path, what to bind read-only, what to hide, links and environment."""
    python = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
    folders = [entry for entry in sys.path if os.path.isabs(entry) and os.path.isdir(entry)
               and entry != os.path.dirname(os.path.abspath(__file__))]
    folders = [folder for folder in folders if not any(folder.startswith(other + "/") for other in folders)]
    objects = [python]
    for folder in [os.path.dirname(os.__file__) + "/lib-dynload"] + folders:
        if folder.endswith("lib-dynload") and os.path.isdir(folder):
            objects += [os.path.join(folder, name) for name in sorted(os.listdir(folder))
                        if ".so" in name and not name.startswith(_LEFT_OUT)]
    loader = loader_of(python)
    needed = set()
    if loader is not None:
        needed.add(loader)
        for item in objects:
            needed |= shared_objects(loader, item)
    prefix_folders = {os.path.normpath(item) for item in needed}
    binds = folders + [python] + sorted(item for item in prefix_folders
                                        if not any(item.startswith(folder + "/") for folder in folders))
    hidden = [path for folder in folders for path in (folder + "/site-packages", folder + "/dist-packages")
              if os.path.isdir(path)]
    return {
        "python": python, "version": sys.version.split()[0], "binds": list(dict.fromkeys(binds)), "hidden": hidden, "folders": folders,
        "links": [], "environment": {
            "PATH": "/usr/bin:/bin", "HOME": "/tmp", "TMPDIR": "/tmp", "LANG": "C.UTF-8", "TZ": "UTC",
            # The same program gives the same answer each time, also where it walks a set of strings.
            "PYTHONHASHSEED": "0"},
    }
