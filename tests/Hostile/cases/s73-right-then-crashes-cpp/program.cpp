#include <cstdlib>
#include <iostream>
struct Last { ~Last() { std::abort(); } } last;
int main() { std::cout << 42 << std::endl; }
