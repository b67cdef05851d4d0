class Solution { int f(int x) { System.setOut(System.err); System.out.println("x"); return x; } }
