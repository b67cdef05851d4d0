#include <bits/stdc++.h>
using namespace std;
int main() {
    long long n, sum = 0;
    while (cin >> n) sum += n;
    cout << sum << "\n";
}
