print('b  2')
print('a 1')
