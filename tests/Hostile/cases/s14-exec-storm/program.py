import os, sys
os.execv(sys.executable, [sys.executable, '-S', '/program.py'])
