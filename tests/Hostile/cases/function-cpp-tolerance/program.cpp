double f(double x) { return x * 3; }
