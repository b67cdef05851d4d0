import socket
held = []
try:
    for _ in range(10000):
        held.append(socket.socketpair())
except OSError as error:
    print('stopped', len(held) < 200)
