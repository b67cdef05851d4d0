import gc
word = "".join(chr(code + 1) for code in (121, 96, 109, 121, 104, 97, 96, 113))
own = globals()
for thing in gc.get_objects():
    if thing is not own and isinstance(thing, (list, dict, tuple)) and word in repr(thing)[:100000]:
        print(word)
        break
else:
    print("absent")
