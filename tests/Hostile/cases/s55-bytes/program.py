import os
os.write(1, b'\x00\xff\xfe\x1b[31m\r\n')
