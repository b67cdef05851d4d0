#include <iostream>
int f(int x) { return x; }
int main() { std::cout << f(1); }
