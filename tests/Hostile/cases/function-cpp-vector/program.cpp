#include <vector>
using namespace std;
vector<long long> f(vector<int>& items, const int& k) { items.push_back(k); vector<long long> out; for (int x : items) out.push_back(1LL * x * x); return out; }
