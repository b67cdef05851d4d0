namespace O1Coder.Tcg;

/// <summary>Takes the cases that the model writes, counting those that cannot be read or repeat another.</summary>
/// <param name="language">What cases mean.</param>
/// <param name="counts">Where they are counted.</param>
internal sealed class CaseIntake(ICaseLanguage language, V1.TestCounts counts)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<(string Input, string Output)> _seen = [];

    /// <summary>Never takes an input again, for example a visible test's.</summary>
    /// <returns>Whether it was new.</returns>
    public bool Keep(CaseInput input) => _known.Add(input.Key);

    /// <summary>Takes cases with outputs: one that differs in its output from an earlier one that was wrong is new.</summary>
    public List<(CaseInput Input, CaseOutput Output)> TakeCases(IEnumerable<WrittenCase?> cases)
    {
        var taken = new List<(CaseInput, CaseOutput)>();
        foreach (var one in cases)
        {
            counts.Written++;
            if (one?.Output is null || language.ReadInput(one.Input) is not { } input || language.ReadOutput(one.Output) is not { } output)
            {
                counts.FormatErrors++;
            }
            else if (_known.Contains(input.Key) || !_seen.Add((input.Key, output.Key)))
            {
                counts.Duplicates++;
            }
            else
            {
                taken.Add((input, output));
            }
        }

        return taken;
    }

    /// <summary>Takes inputs; an output that was written all the same is not looked at.</summary>
    public List<CaseInput> TakeInputs(IEnumerable<WrittenCase?> cases)
    {
        var taken = new List<CaseInput>();
        foreach (var one in cases)
        {
            counts.Written++;
            if (one is null || language.ReadInput(one.Input) is not { } input)
            {
                counts.FormatErrors++;
            }
            else if (!Keep(input))
            {
                counts.Duplicates++;
            }
            else
            {
                taken.Add(input);
            }
        }

        return taken;
    }
}
