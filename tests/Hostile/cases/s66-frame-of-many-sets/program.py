import os


def send(data):
    data = len(data).to_bytes(4, "big") + data
    while data:
        data = data[os.write(3, data):]


def f(x):
    send(b"l2000000:" + b"S0:" * 2000000)
    return 1
