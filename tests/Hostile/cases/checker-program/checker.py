import sys
# Right is any pair whose difference is the expected number.
left, right = map(int, open('output.txt').read().split())
wanted = int(open('expected.txt').read())
print(left, right, 'of', open('input.txt').read())
sys.exit(0 if right - left == wanted else 1)
