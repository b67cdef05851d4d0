namespace O1Coder.Search.Tests;

/// <summary>Compares "program i" with "program j" by a function of i and j, and notes what it was asked.</summary>
internal sealed class ScriptedComparer(Func<int, int, double> preference) : IComparer
{
    public List<(int First, int Second)> Asked { get; } = [];

    public Task<double> CompareAsync(string first, string second, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (i, j) = (int.Parse(first.Split(' ')[1]), int.Parse(second.Split(' ')[1]));
        Asked.Add((i, j));
        return Task.FromResult(preference(i, j));
    }
}
