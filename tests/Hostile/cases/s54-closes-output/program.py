import os, time
print('ok', flush=True)
os.close(1)
os.close(2)
time.sleep(60)
