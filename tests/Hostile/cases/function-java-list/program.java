import java.util.*;
class Solution {
    public List<Long> squares(int[] items, Integer k) { List<Long> out = new ArrayList<>(); for (int x : items) out.add((long) x * x); out.add((long) k); return out; }
}
