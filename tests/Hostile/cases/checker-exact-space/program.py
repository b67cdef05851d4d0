print('a b')
