import os
while True:
    os.write(os.memfd_create('x'), bytes(1 << 20))
