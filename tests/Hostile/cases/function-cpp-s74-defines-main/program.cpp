#define main other
#define return
int f(int x) { x = x; }
