import threading, time
for _ in range(10000):
    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
