import os
for _ in range(100000):
    os.mkdir('d')
    os.chdir('d')
