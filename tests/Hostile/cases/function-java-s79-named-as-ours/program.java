class O1CoderDriver { int f(int x) { return x; } }
