import socket
socket.socket(40, 1, 0)
