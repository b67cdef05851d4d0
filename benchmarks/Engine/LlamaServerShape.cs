using System.Globalization;

namespace O1Coder.Benchmarks;

/// <summary>A way to run llama-server for a search.</summary>
/// <param name="Name">For people and for --server.</param>
/// <param name="Slots">Sequences at once.</param>
/// <param name="Unified">Whether all slots share one buffer of keys and values, so that children share their parent's.</param>
/// <param name="Together">Whether a node's children are asked for by one request, so that its prompt is computed once.</param>
/// <param name="RamCache">Whether prompts that left their slots are kept in memory.</param>
/// <param name="Drawn">
/// Whether probabilities are those that tokens were drawn with, which it has at hand, and not the model's.
/// </param>
internal sealed record LlamaServerShape(string Name, int Slots, bool Unified, bool Together, bool RamCache, bool Drawn = false)
{
    // The longest path of a tree is shorter.
    private const int ContextOfSlot = 1024;

    /// <summary>Those that can be chosen.</summary>
    public static IReadOnlyList<LlamaServerShape> All { get; } =
    [
        new("together-32", 32, Unified: false, Together: true, RamCache: false),
        new("together-32-drawn", 32, Unified: false, Together: true, RamCache: false, Drawn: true),
        new("together-32-unified", 32, Unified: true, Together: true, RamCache: false),
        new("together-16", 16, Unified: false, Together: true, RamCache: true),
        new("together-16-unified", 16, Unified: true, Together: true, RamCache: true),
        new("single-32", 32, Unified: false, Together: false, RamCache: false),
        new("single-32-unified", 32, Unified: true, Together: false, RamCache: false),
        new("single-16", 16, Unified: false, Together: false, RamCache: true),
        new("single-16-unified", 16, Unified: true, Together: false, RamCache: true),
    ];

    /// <summary>The arguments that say it.</summary>
    public IEnumerable<string> Arguments =>
    [
        "--parallel", Text(Slots),
        "--ctx-size", Text(Slots * ContextOfSlot),
        Unified ? "--kv-unified" : "--no-kv-unified",
        "--cache-ram", RamCache ? "4096" : "0",
    ];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
