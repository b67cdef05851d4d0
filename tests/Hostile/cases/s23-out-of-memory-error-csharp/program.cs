var kept = new Dictionary<int, string>();
for (var i = 0; ; i++)
{
    kept[i] = $"number {i}";
}
