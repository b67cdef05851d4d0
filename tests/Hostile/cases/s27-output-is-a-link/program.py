import os
os.symlink('/etc/passwd', 'output.txt')
os.symlink('/etc/passwd', 'stdout')
