#include <unistd.h>
int f(int x) { write(3, "\0\0\0\2l0:", 7); return x; }
