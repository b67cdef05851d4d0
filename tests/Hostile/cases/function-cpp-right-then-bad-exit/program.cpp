#include <unistd.h>
struct Late { ~Late() { _exit(3); } } late;
int f(int x) { return x; }
