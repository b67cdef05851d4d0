import os
print(open('program.py').read(), open('harness.pyc').read(), sorted(os.listdir()))
