#include <vector>
int main() {
    volatile auto size = 1ull << 45;
    std::vector<char> part(size);
    return part[7];
}
