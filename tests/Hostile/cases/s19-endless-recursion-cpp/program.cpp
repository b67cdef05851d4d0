#include <cstdio>
int deeper(volatile int n) { return n == -1 ? 0 : deeper(n + 1) + n; }
int main() { std::printf("%d\n", deeper(0)); }
