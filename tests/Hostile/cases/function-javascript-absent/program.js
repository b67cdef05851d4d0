function g(x) { return x; }
