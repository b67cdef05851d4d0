#include <stdlib.h>
#include <string.h>
int main(void) {
    for (;;) {
        char *part = malloc(1 << 20);
        if (part == NULL) return 1;
        memset(part, 'x', 1 << 20);
    }
}
