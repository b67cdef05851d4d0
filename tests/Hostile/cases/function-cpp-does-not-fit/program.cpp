int f(signed char x) { return x; }
