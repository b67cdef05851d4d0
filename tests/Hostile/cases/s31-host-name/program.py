import os
import socket

print(os.uname().nodename, socket.gethostname())
