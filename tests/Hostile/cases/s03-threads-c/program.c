#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static void *wait_long(void *nothing) { sleep(60); return nothing; }
int main(void) {
    for (int i = 0; i < 10000; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, wait_long, NULL) != 0) { fprintf(stderr, "no thread after %d\n", i); return 1; }
    }
    return 0;
}
