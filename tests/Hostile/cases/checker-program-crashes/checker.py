raise SystemExit(int(open('output.txt').read()))
