import os, time
if os.fork() == 0:
    time.sleep(30)
    print("late", flush=True)
    os._exit(0)
print("ok")
