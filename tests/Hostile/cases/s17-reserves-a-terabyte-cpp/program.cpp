#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>
int main(void) {
    void *part = mmap(NULL, 1ul << 40, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (part == MAP_FAILED) { perror("mmap"); return 1; }
    ((char *)part)[1ul << 39] = 'x';
    puts("reserved");
    return 0;
}
