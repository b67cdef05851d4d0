import os
for name in (b"new\nline", b"\xff\xfe", b"n" * 255, b"-rf", b" "):
    open(b"/tmp/" + name, "w").close()
print(len(os.listdir("/tmp")))
