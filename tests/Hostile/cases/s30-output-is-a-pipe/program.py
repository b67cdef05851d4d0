import os
os.mkfifo('output.txt')
os.mkfifo('stdout')
