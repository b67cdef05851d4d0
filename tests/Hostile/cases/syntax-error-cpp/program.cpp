#include <iostream>
int main() { std::cout << 42 << std::endl; }
}} this is no program
