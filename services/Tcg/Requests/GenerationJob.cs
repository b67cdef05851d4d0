namespace O1Coder.Tcg;

/// <summary>A request for tests with every field set.</summary>
internal sealed record GenerationJob
{
    private IReadOnlyList<WrittenCase>? _examples;

    /// <summary>The problem.</summary>
    public required V1.Problem Problem { get; init; }

    /// <summary>What its cases mean.</summary>
    public required ICaseLanguage Language { get; init; }

    /// <summary>Good tests wanted, 1 to 64.</summary>
    public required int Count { get; init; }

    /// <summary>The adapter that writes cases; null: "tcg" where Policy has it; empty: none.</summary>
    public required string? Adapter { get; init; }

    /// <summary>The adapter that writes programs; empty for none.</summary>
    public required string PolicyAdapter { get; init; }

    /// <summary>Everything random comes from this.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Sampling temperature of cases, in [0, 2].</summary>
    public required float Temperature { get; init; }

    /// <summary>Programs to sample, 3 to 64.</summary>
    public required int Programs { get; init; }

    /// <summary>The share of the programs that ran which must agree, in (0.5, 1].</summary>
    public required double Agreement { get; init; }

    /// <summary>How often the model is asked for cases at most; 1 at temperature 0, where it would only repeat itself.</summary>
    public required int Attempts { get; init; }

    /// <summary>The visible tests as cases; those that cases cannot say are left out.</summary>
    public IReadOnlyList<WrittenCase> Examples => _examples ??= [.. Problem.VisibleTests.Select(Language.FromTest).OfType<WrittenCase>()];
}
