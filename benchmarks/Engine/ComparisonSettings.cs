namespace O1Coder.Benchmarks;

/// <summary>What is compared and how.</summary>
internal sealed record ComparisonSettings
{
    /// <summary>The model's folder, with a GGUF file.</summary>
    public required string Model { get; init; }

    /// <summary>The folder with llama.cpp's programs.</summary>
    public required string Llama { get; init; }

    /// <summary>Which of <see cref="EngineComparison.Parts"/>.</summary>
    public required IReadOnlyCollection<string> Parts { get; init; }

    /// <summary>Whether decoding beside busy processes is compared, and nothing else.</summary>
    public required bool Neighbour { get; init; }

    /// <summary>How often everything is measured.</summary>
    public required int Rounds { get; init; }

    /// <summary>The load of part (d).</summary>
    public required SearchShape Search { get; init; }

    /// <summary>How llama-server is run in part (d).</summary>
    public required IReadOnlyList<LlamaServerShape> Servers { get; init; }

    /// <summary>Where the numbers are written as JSON, or null.</summary>
    public required string? Json { get; init; }
}
