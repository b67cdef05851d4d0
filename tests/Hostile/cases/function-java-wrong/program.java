class Solution { int f(int x) { return x + 1; } }
