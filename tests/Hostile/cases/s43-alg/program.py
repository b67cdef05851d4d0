import socket
socket.socket(38, 5, 0)
