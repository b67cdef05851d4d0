print('x' * 10)
