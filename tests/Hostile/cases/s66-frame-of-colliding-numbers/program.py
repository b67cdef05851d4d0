import os


def send(data):
    data = len(data).to_bytes(4, "big") + data
    while data:
        data = data[os.write(3, data):]


def f(x):
    send(b"l3:s5:valueS300000:" + b"".join(
        b"i%d:%x" % (len("%x" % (k * (2 ** 61 - 1))), k * (2 ** 61 - 1)) for k in range(1, 300001)) + b"N")
    return 1
