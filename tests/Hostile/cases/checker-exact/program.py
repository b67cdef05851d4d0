print('a  b')
