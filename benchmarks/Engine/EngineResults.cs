using System.Text.Json;
using System.Text.Json.Serialization;

namespace O1Coder.Benchmarks;

/// <summary>What a comparison measured: printed as it comes, written to a file at the end.</summary>
/// <param name="threads">Threads of both.</param>
internal sealed class EngineResults(int threads)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    private readonly List<Roofline> _rooflines = [];
    private readonly List<Duel> _duels = [];
    private readonly List<object> _searches = [];

    /// <summary>Threads of both.</summary>
    public int Threads => threads;

    /// <summary>Our model and back end.</summary>
    public string Ours { get; set; } = "";

    /// <summary>What the peer calls itself; empty as long as it has not told.</summary>
    public string Peer { get; set; } = "";

    /// <summary>Prints a line.</summary>
    public static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));

    /// <summary>Takes and prints a comparison.</summary>
    public void Add(Duel duel)
    {
        _duels.Add(duel);
        Console.WriteLine(duel);
    }

    /// <summary>Takes and prints what bounds a comparison.</summary>
    public void Add(Roofline roofline, Duel bounded)
    {
        _rooflines.Add(roofline);
        var (ours, theirs) = (Spread.Of(bounded.Ours).Median, Spread.Of(bounded.Theirs).Median);
        Print($"    {roofline.Kind}: {roofline.Rate:f1} {roofline.RateUnit} / {roofline.Needed:f1} {roofline.NeededUnit} = {roofline.TokensPerSecond:f0} tokens/s; ours {100 * ours / roofline.TokensPerSecond:f0} %, llama.cpp {100 * theirs / roofline.TokensPerSecond:f0} %");
    }

    /// <summary>Takes what a server did with the search load.</summary>
    public void Add(string server, SearchOutcome outcome) => _searches.Add(new { server, outcome });

    /// <summary>Writes all of it.</summary>
    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(
        new
        {
            date = DateTimeOffset.UtcNow,
            threads,
            processors = Environment.ProcessorCount,
            ours = Ours,
            peer = Peer,
            comparisons = _duels.Select(duel => new { duel.Name, duel.Unit, duel.ToReach, duel.Ours, duel.Theirs, Ratio = Spread.Of(duel.Ratios) }),
            rooflines = _rooflines,
            searches = _searches,
        },
        s_json));
}
