#include <signal.h>
int main(void) {
    signal(SIGTERM, SIG_IGN);
    signal(SIGXCPU, SIG_IGN);
    for (;;) { }
}
