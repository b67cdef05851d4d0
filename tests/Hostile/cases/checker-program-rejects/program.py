n = int(input())
print(n - 8, n)
