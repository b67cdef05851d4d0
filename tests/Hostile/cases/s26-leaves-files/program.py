import os
for place in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/", os.getcwd(), os.path.expanduser("~")):
    try:
        with open(place + "/left-behind", "w") as file:
            file.write("left")
    except OSError:
        pass
os.umask(0)
os.environ["LEFT"] = "behind"
print("ok")
