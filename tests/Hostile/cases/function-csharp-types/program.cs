public static class Program {
    static Dictionary<string, List<(int, double)>> f(Dictionary<string, int> counts, string name, bool flag, char sign, int? none) {
        var made = counts.ToDictionary(p => p.Key, p => new List<(int, double)> { (p.Value, p.Value / 2.0) });
        if (name == null && flag && none == null) made[$"{sign}"] = new();
        return made;
    }
}
