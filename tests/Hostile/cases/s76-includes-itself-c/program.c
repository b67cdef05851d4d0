#include "program.c"
int main(void) { return 0; }
