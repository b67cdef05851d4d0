"""Modules that programs often import, loaded before the fork and shown only to a program that imports them.

Stands in front of `zygote.py` in one file with it.
"""


class _Shelf:
    """A finder that hands out what is loaded already. A program that asks for none of it has `sys.modules` as of old."""

    USUAL = ("math", "operator", "functools", "collections", "collections.abc", "itertools", "heapq", "bisect", "string",
             "enum", "re", "copy", "random", "typing", "datetime", "fractions", "decimal", "json")

    def __init__(self):
        self.modules, self.needed, self.specs, self.path = {}, {}, {}, list(sys.path)

    def fill(self, fresh):
        """Loads the usual modules, each as if it were the first that is imported."""
        own = {name: module for name, module in sys.modules.items() if name not in fresh}
        sys.meta_path.insert(0, self)
        for name in self.USUAL:
            self._keep_only(fresh)
            try:
                __import__(name)
            except ImportError:
                continue  # a build of the interpreter without it
            new = [other for other in sys.modules if other not in fresh]
            for other in new:
                self.modules.setdefault(other, sys.modules[other])
            self.needed[name] = [other for other in new if other != name]
        self._keep_only(fresh)
        sys.modules.update(own)

    @staticmethod
    def _keep_only(fresh):
        for name in [name for name in sys.modules if name not in fresh]:
            del sys.modules[name]

    def find_spec(self, name, path=None, target=None):
        """For the first import of a module, by a program that did not change where modules come from."""
        spec = getattr(self.modules.get(name), "__spec__", None)
        if spec is None or sys.path != self.path:
            return None
        made = type(spec)(name, self, origin=spec.origin)
        made.submodule_search_locations = spec.submodule_search_locations
        return made

    def create_module(self, spec):
        module = self.modules.pop(spec.name)
        self.specs[spec.name] = module.__spec__
        return module

    def exec_module(self, module):
        name = module.__spec__.name
        module.__spec__ = self.specs.pop(name)
        for other in self.needed.get(name, ()):
            if other in self.modules:
                sys.modules.setdefault(other, self.modules.pop(other))
        if name == "random":
            module.seed()  # each program draws its own numbers
