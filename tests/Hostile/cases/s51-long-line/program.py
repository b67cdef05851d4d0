print('a' * 150000)
