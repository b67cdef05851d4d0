def double():
    return 2 * int(input())
