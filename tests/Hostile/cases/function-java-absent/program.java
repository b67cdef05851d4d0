class Solution { int g(int x) { return x; } }
