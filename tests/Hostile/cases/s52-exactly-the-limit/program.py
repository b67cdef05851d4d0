import sys
sys.stdout.write('x' * 2048)
