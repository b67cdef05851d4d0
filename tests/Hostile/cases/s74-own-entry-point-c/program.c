#include <unistd.h>
int __libc_start_main(void) { _exit(0); }
int main(void) { return 0; }
