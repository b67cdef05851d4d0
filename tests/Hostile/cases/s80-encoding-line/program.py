# coding: no-such-code
print(1)
