#include <stdio.h>
static int deeper(volatile int n) { return n == -1 ? 0 : deeper(n + 1) + n; }
int main(void) { printf("%d\n", deeper(0)); return 0; }
