#include <stdexcept>
int f(int x) { throw std::runtime_error("no"); }
