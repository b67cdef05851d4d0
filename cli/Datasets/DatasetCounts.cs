using O1Coder.Problems;
using O1Coder.Problems.DataSets;

namespace O1Coder.Cli.Datasets;

/// <summary>How much a data set holds.</summary>
internal sealed class DatasetCounts
{
    /// <summary>The format of its problems.</summary>
    public DataSetFormat Format { get; private set; }

    /// <summary>Problems.</summary>
    public long Problems { get; private set; }

    /// <summary>Problems whose tests are assertions; the others read input.</summary>
    public long Functions { get; private set; }

    /// <summary>Visible tests of all problems.</summary>
    public long VisibleTests { get; private set; }

    /// <summary>Hidden tests of all problems.</summary>
    public long HiddenTests { get; private set; }

    /// <summary>Reference solutions of all problems.</summary>
    public long References { get; private set; }

    /// <summary>Problems without a reference solution.</summary>
    public long WithoutReference { get; private set; }

    /// <summary>Problems of each difficulty that occurs, from the lowest; problems without one are left out.</summary>
    public SortedDictionary<string, long> Difficulties { get; } = new(Comparer<string>.Create((a, b) => Rank(a).CompareTo(Rank(b))));

    /// <summary>Counts one more.</summary>
    public void Add(Problem problem, DataSetFormat format)
    {
        Format = format;
        Problems++;
        Functions += problem.Mode == ProblemMode.Function ? 1 : 0;
        VisibleTests += problem.VisibleTests.Count;
        HiddenTests += problem.HiddenTests.Count;
        References += problem.ReferenceSolutions.Count;
        WithoutReference += problem.ReferenceSolutions.Count == 0 ? 1 : 0;
        if (problem.Difficulty is { } difficulty)
        {
            var name = difficulty.ToString().ToLowerInvariant();
            Difficulties[name] = Difficulties.GetValueOrDefault(name) + 1;
        }
    }

    private static int Rank(string name) => (int)Enum.Parse<Difficulty>(name, ignoreCase: true);
}
