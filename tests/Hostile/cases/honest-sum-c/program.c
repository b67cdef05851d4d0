#include <math.h>
#include <stdio.h>
int main(void) {
    double n, sum = 0;
    while (scanf("%lf", &n) == 1) sum += n;
    printf("%.0f\n", sum == 0 ? 0 : copysign(floor(fabs(sum)), sum));
    return 0;
}
