#include <vector>
void f(std::vector<int> x) { x.clear(); }
