import socket
socket.socket(16, 3, 0)
