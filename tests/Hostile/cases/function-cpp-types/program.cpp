#include <map>
#include <optional>
#include <string>
#include <vector>
using namespace std;
map<string, vector<pair<int, double>>> f(map<string, int> counts, optional<string> name, bool flag, char sign) {
  map<string, vector<pair<int, double>>> out;
  for (auto& [key, n] : counts) out[key].push_back({n, n / 2.0});
  if (!name && flag) out[string(1, sign)] = {};
  return out;
}
