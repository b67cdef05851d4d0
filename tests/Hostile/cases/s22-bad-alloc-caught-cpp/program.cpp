#include <iostream>
#include <new>
int main() {
    try {
        volatile auto size = 1ull << 60;
        char *part = new char[size];
        part[0] = 1;
        std::cout << (int)part[0];
    } catch (const std::bad_alloc &) {
        std::cout << "caught" << std::endl;
    }
}
