namespace O1Coder.Coordinator;

/// <summary>Something that was measured; see o1coder.v1.Estimate.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="Low">The lower end of its 95 % interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Problems">How many problems it rests on.</param>
internal sealed record StepMetric(string Name, double Value, double Low, double High, int Problems)
{
    /// <summary>As the wire has it.</summary>
    public V1.Estimate ToWire() => new() { Name = Name, Value = Value, Low = Low, High = High, Problems = Problems };

    /// <summary>As the wire had it, under another name.</summary>
    public static StepMetric From(V1.Estimate estimate, string? name = null) =>
        new(name ?? estimate.Name, estimate.Value, estimate.Low, estimate.High, estimate.Problems);
}
