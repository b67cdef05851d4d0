"""What holds a job's memory and processes: cgroup v2, cgroup v1, or rlimits and the supervisor's eyes."""
import errno
import os
import time

# What a box that is being made weighs against one that runs.
AHEAD = 0.25
# What programs give way by to the supervisors and to the service where no group holds their share of the processors.
NICE = 5
PREFIX = "o1coder-sandbox-"
_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE = 2500


def _write(path, value):
    with open(path, "w") as file:
        file.write(str(value))


def _read(path):
    with open(path) as file:
        return file.read()


def _field(text, name):
    for line in text.splitlines():
        words = line.split()
        if words and words[0] == name:
            return int(words[1])
    return 0


def _own_groups():
    """Maps a controller's name ('' for v2) to this process's group folder."""
    mounts = {}
    for line in _read("/proc/self/mounts").splitlines():
        _, where, kind, options = line.split()[:4]
        if kind == "cgroup2":
            mounts.setdefault("", where)
        elif kind == "cgroup":
            for option in options.split(","):
                mounts.setdefault(option, where)
    found = {}
    for line in _read("/proc/self/cgroup").splitlines():
        _, names, path = line.split(":", 2)
        for name in names.split(","):
            if name in mounts:
                inside = mounts[name] + path
                # In a container the path is the host's and the mount shows only what is below it.
                found[name] = inside.rstrip("/") if os.path.isdir(inside) else mounts[name]
    return found


class CgroupV2:
    name = "cgroup-v2"
    nice = NICE

    def __init__(self, owner, runs):
        base = _own_groups()[""]
        controllers = set(_read(base + "/cgroup.controllers").split())
        if not {"memory", "pids"} <= controllers:
            raise OSError(errno.ENOTSUP, "the memory and pids controllers are not delegated to " + base)
        self.parents = [base + "/" + PREFIX + owner]
        os.makedirs(self.parents[0], exist_ok=True)
        # With the cpu controller each job weighs the same, however many processes it has.
        wanted = ["memory", "pids"] + (["cpu"] if "cpu" in controllers else [])
        enabled = set(_read(base + "/cgroup.subtree_control").split())
        for folder, missing in ((base, [name for name in wanted if name not in enabled]), (self.parents[0], wanted)):
            if missing:
                _write(folder + "/cgroup.subtree_control", " ".join("+" + name for name in missing))
        self.nice = 0 if "cpu" in controllers else NICE
        if self.nice == 0:
            _write(self.parents[0] + "/cpu.weight", min(10000, 100 * runs))

    def open(self, job):
        return _V2Job(self.parents[0] + "/" + job)


class _V2Job:
    def __init__(self, folder):
        self.folder = folder
        os.mkdir(folder)
        self.weight(int(100 * AHEAD))

    def weight(self, value):
        if os.path.exists(self.folder + "/cpu.weight"):
            _write(self.folder + "/cpu.weight", value)

    def limit(self, limits):
        self.weight(100)
        _write(self.folder + "/memory.max", limits["memory_bytes"])
        if os.path.exists(self.folder + "/memory.swap.max"):
            _write(self.folder + "/memory.swap.max", 0)
        _write(self.folder + "/pids.max", limits["processes"] + 1)

    def add(self, pid):
        _write(self.folder + "/cgroup.procs", pid)

    def sample(self, root):
        return _field(_read(self.folder + "/cpu.stat"), "usage_usec") / 1e6, 0

    def tell(self):
        peak = self.folder + "/memory.peak"
        return {"oom": _field(_read(self.folder + "/memory.events"), "oom_kill") > 0,
                 "peak": int(_read(peak)) if os.path.exists(peak) else 0}

    def remove(self):
        remove([self.folder])


class CgroupV1:
    name = "cgroup-v1"
    nice = NICE

    def __init__(self, owner, runs):
        own = _own_groups()
        missing = [name for name in ("memory", "pids", "cpuacct") if name not in own]
        if missing:
            raise OSError(errno.ENOTSUP, "no v1 hierarchy for " + ", ".join(missing))
        # Two controllers may share one hierarchy.
        self.folders = {name: own[name] + "/" + PREFIX + owner for name in ("memory", "pids", "cpuacct")}
        if "cpu" in own and os.access(own["cpu"], os.W_OK):
            self.folders["cpu"] = own["cpu"] + "/" + PREFIX + owner
        self.parents = sorted(set(self.folders.values()))
        self.nice = 0 if "cpu" in self.folders else NICE
        for folder in self.parents:
            os.makedirs(folder, exist_ok=True)
        if self.nice == 0:
            # Together they weigh what their number does: among the other processes of the machine each is one.
            _write(self.folders["cpu"] + "/cpu.shares", 1024 * runs)

    def open(self, job):
        return _V1Job({name: folder + "/" + job for name, folder in self.folders.items()})


class _V1Job:
    def __init__(self, folders):
        self.folders = folders
        for folder in set(folders.values()):
            os.mkdir(folder)
        self.weight(int(1024 * AHEAD))

    def weight(self, shares):
        if "cpu" in self.folders:
            _write(self.folders["cpu"] + "/cpu.shares", shares)

    def limit(self, limits):
        self.weight(1024)
        memory = self.folders["memory"]
        _write(memory + "/memory.limit_in_bytes", limits["memory_bytes"])
        if os.path.exists(memory + "/memory.memsw.limit_in_bytes"):
            _write(memory + "/memory.memsw.limit_in_bytes", limits["memory_bytes"])
        _write(self.folders["pids"] + "/pids.max", limits["processes"] + 1)

    def add(self, pid):
        for folder in set(self.folders.values()):
            _write(folder + "/cgroup.procs", pid)

    def sample(self, root):
        return int(_read(self.folders["cpuacct"] + "/cpuacct.usage")) / 1e9, 0

    def tell(self):
        memory = self.folders["memory"]
        return {"oom": _field(_read(memory + "/memory.oom_control"), "oom_kill") > 0,
                 "peak": int(_read(memory + "/memory.max_usage_in_bytes"))}

    def remove(self):
        remove(set(self.folders.values()))


class Rlimit:
    name = "rlimit"
    nice = NICE
    parents = ()

    def __init__(self, owner, runs):
        pass

    def open(self, job):
        return _WatchedJob()


class _WatchedJob:
    """Sums what /proc says of the job's process tree; every orphan is a child of the box's first process."""

    def __init__(self):
        self.peak, self.most = 0, float("inf")

    def limit(self, limits):
        # The processes' own limits and the supervisor's eyes are all there is.
        self.most = limits["memory_bytes"]

    def add(self, pid):
        pass

    def sample(self, root):
        cpu, memory, shared = 0.0, 0, {}
        for pid in tree(root)[:4096]:
            try:
                fields = _read("/proc/%d/stat" % pid).rsplit(")", 1)[1].split()
                status = _read("/proc/%d/status" % pid) if pid != root else ""
            except (OSError, IndexError):
                continue  # ended in between
            # With the times of its reaped children: fields 14 to 17 of proc_pid_stat(5).
            cpu += sum(int(field) for field in fields[11:15]) / _TICKS
            memory += _field(status, "RssAnon:") << 10
            shared[pid] = _field(status, "RssShmem:") << 10
        if memory + sum(shared.values()) > self.most:
            # Several may map the same pages: they are looked at closely where it matters.
            shared = {pid: _share(pid, size) for pid, size in shared.items() if size}
        memory += sum(shared.values())
        self.peak = max(self.peak, memory)
        return cpu, memory

    def tell(self):
        return {"oom": False, "peak": self.peak}

    def remove(self):
        pass


def _share(pid, otherwise):
    """Bytes of shared memory of a process, each page divided by those that map it."""
    try:
        rollup = _read("/proc/%d/smaps_rollup" % pid)
    except OSError:
        return otherwise
    return _field(rollup, "Pss_Shmem:") << 10 if "Pss_Shmem:" in rollup else otherwise


def tree(root):
    """The process and all below it."""
    found, at = [root], 0
    while at < len(found):
        pid, at = found[at], at + 1
        try:
            for task in os.listdir("/proc/%d/task" % pid):
                found += [int(child) for child in _read("/proc/%d/task/%s/children" % (pid, task)).split()]
        except OSError:
            continue  # ended in between
    return found


def remove(folders):
    """Removes groups whose processes are dead; the kernel may need a moment to see that, longer on a busy machine."""
    for folder in folders:
        for attempt in range(_PATIENCE):
            try:
                os.rmdir(folder)
                break
            except FileNotFoundError:
                break
            except OSError as error:
                if error.errno != errno.EBUSY or attempt == _PATIENCE - 1:
                    raise
                time.sleep(0.002)


def discard(parents, job):
    """Ends and removes the groups of a job whose supervisor is no more."""
    for folder in [parent + "/" + job for parent in parents if os.path.isdir(parent + "/" + job)]:
        try:
            for pid in _read(folder + "/cgroup.procs").split():
                os.kill(int(pid), 9)
            os.rmdir(folder)
        except OSError:
            continue  # still dying: the sweep at the end takes it


def sweep(owner_is_alive):
    """Ends and removes the groups of services that are no more; returns how many groups went."""
    gone = 0
    for base in set(_own_groups().values()):
        try:
            names = [name for name in os.listdir(base) if name.startswith(PREFIX)]
        except OSError:
            continue
        for name in names:
            if owner_is_alive(name[len(PREFIX):]):
                continue
            for folder, _, _ in os.walk(base + "/" + name, topdown=False):
                try:
                    for pid in _read(folder + "/cgroup.procs").split():
                        os.kill(int(pid), 9)
                    remove([folder])
                    gone += 1
                except OSError:
                    continue  # another user's, or still dying: the next start tries again
    return gone


KINDS = (CgroupV2, CgroupV1, Rlimit)
