#include <unistd.h>
__attribute__((constructor)) static void early() { _exit(0); }
int main() { return write(1, "42\n", 3) != 3; }
