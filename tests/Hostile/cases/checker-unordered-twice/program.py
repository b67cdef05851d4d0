print('a')
print('a')
print('b')
