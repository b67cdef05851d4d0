#include <stdio.h>
static long deeper(int left) {
    volatile char room[1000];
    room[0] = (char)left;
    return left == 0 ? 0 : deeper(left - 1) + 1 + room[0] * 0;
}
int main(void) { printf("%ld\n", deeper(62000)); return 0; }
