#include <stddef.h>
int main(void) { int *volatile nowhere = NULL; return *nowhere; }
