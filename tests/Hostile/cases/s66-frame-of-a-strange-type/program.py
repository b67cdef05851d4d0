import os


def send(data):
    data = len(data).to_bytes(4, "big") + data
    while data:
        data = data[os.write(3, data):]


def f(x):
    send(b"l3:s5:valueP3:s2:oss6:systems2:idN")
    return 1
