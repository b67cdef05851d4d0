for number in range(1000000):
    open(f'/tmp/{number}', 'w').close()
