struct Own { int x; };
int f(Own x) { return x.x; }
