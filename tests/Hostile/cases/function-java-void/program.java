class Solution { void f(int[] x) { x[0] = 2; } }
