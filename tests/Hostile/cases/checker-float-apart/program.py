print(0.3001)
