import java.util.*;

public class Solution {
    record Pair(long left, long right) { long sum() { return left + right; } }

    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        Pair pair = new Pair(0, 0);
        while (in.hasNextLong()) pair = new Pair(pair.sum(), in.nextLong());
        System.out.println(pair.sum());
    }
}
