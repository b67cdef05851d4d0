#include <chrono>
#include <thread>
#include <vector>
int main() {
    std::vector<std::thread> threads;
    for (int i = 0; i < 10000; i++) threads.emplace_back([] { std::this_thread::sleep_for(std::chrono::seconds(60)); });
    return 0;
}
