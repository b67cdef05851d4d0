#include <iostream>
int main() {
#if __has_include("/etc/passwd") || __has_include("/root/.bashrc") || __has_include("/proc/self/environ") || __has_include("/etc/hostname")
    std::cout << "seen" << std::endl;
#else
    std::cout << "unseen" << std::endl;
#endif
}
