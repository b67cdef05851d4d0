import socket
socket.socket(17, 3, 0)
