#include <filesystem>
#include <fstream>
#include <iostream>
int main() {
    for (auto path : {"/etc/passwd", "/etc/shadow", "/proc/1/environ", "/proc/self/environ", "/root/.bashrc"}) {
        std::ifstream file(path);
        std::string text;
        if (std::getline(file, text)) std::cout << path << ": " << text << std::endl;
    }
    std::cout << std::filesystem::exists("/home") << std::filesystem::exists("/root") << std::filesystem::exists("/etc") << std::endl;
}
