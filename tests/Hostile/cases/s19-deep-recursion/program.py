import sys
sys.setrecursionlimit(100000)
def down(n):
    return 0 if n == 0 else down(n - 1) + 1
print(down(50000))
