#pragma GCC plugin "/tmp/plugin.so"
#pragma GCC optimize("-fplugin=/tmp/plugin.so")
#pragma GCC dependency "/etc/passwd"
#include <iostream>
__attribute__((optimize("-fplugin=/tmp/plugin.so"))) int f() { return 42; }
int main() { std::cout << f() << std::endl; }
