#include <cstdio>
#include <vector>
int main() {
    std::vector<std::vector<char>> kept;
    for (int i = 0; i < 120; i++) kept.emplace_back(1 << 20, 'x');
    std::printf("%zu\n", kept.size());
}
