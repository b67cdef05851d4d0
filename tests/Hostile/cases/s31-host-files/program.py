import glob, os
seen = []
for path in ("/etc/shadow", "/etc/passwd", "/proc/1/environ", "/proc/self/environ", "/home", "/var", "/sys", "/etc"):
    if os.path.exists(path):
        seen.append(path)
print(seen)
