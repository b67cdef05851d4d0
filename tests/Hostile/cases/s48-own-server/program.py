import socket, threading
server = socket.create_server(("127.0.0.1", 0))
def answer():
    conn, _ = server.accept()
    conn.sendall(b"hello")
    conn.close()
threading.Thread(target=answer).start()
print(socket.create_connection(server.getsockname()).recv(5).decode())
