public class Solution {
    public IList<long> Squares(int[] items, int k) { var made = items.Select(x => (long)x * x).ToList(); made.Add(k); return made; }
}
