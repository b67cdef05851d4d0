for number in range(100):
    with open(f"/dev/shm/{number}", "wb") as file:
        for _ in range(8):
            file.write(bytes(1 << 20))
