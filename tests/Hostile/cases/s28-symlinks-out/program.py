import os
for number, target in enumerate(("/etc/shadow", "/proc/1/root", "../../../../etc/passwd", "/root")):
    os.symlink(target, f"/tmp/link{number}")
print(sum(os.path.exists(f"/tmp/link{number}") for number in range(3)))
