class Solution { int f(int x) => throw new Exception("no"); }
