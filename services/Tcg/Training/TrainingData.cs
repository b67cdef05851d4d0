using O1Coder.Search;

namespace O1Coder.Tcg;

/// <summary>
/// Examples for this service's own model (o1-Coder, section 3.1): the prompt that it is served with and, as the answer,
/// cases drawn from a problem's tests. The right outputs of the preference pairs are the better side, the same outputs
/// in another order the worse (equation 1).
/// <para>
/// Differences from the paper's code: a case that is too long is left out, not its problem; the cases of an example are
/// different ones; and the visible test that the prompt shows is not among them, since the service never wants it again.
/// </para>
/// </summary>
internal static class TrainingData
{
    /// <summary>The longest case, characters of its block.</summary>
    public const int MostCaseCharacters = 100;

    /// <summary>The longest example, characters of prompt and answer.</summary>
    public const int MostCharacters = 3000;

    /// <summary>
    /// The examples, problem by problem. A problem without a reference solution or with fewer than three cases that can
    /// be used gives none, as does an example that would be too long or equal to an earlier one, or whose outputs are all
    /// equal where they would have to be mixed up.
    /// </summary>
    /// <param name="request">The request with every field set.</param>
    public static IEnumerable<V1.TrainingExample> Build(V1.BuildTcgDataRequest request) => request.Problems
        .Where(problem => problem.ReferenceSolutions.Count > 0)
        .SelectMany(problem => Build(problem, request));

    private static IEnumerable<V1.TrainingExample> Build(V1.Problem problem, V1.BuildTcgDataRequest request)
    {
        var language = CaseLanguages.Of(problem);
        var shown = problem.VisibleTests.Select(language.FromTest).OfType<WrittenCase>().FirstOrDefault(one => one.Output is not null);
        var cases = Cases(language, problem.VisibleTests.Concat(problem.HiddenTests))
            .DistinctBy(one => one.Input).Where(one => one.Input != shown?.Input).ToList();
        if (cases.Count < TcgPrompts.CasesPerAnswer)
        {
            yield break;
        }

        var given = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < request.ExamplesPerProblem; i++)
        {
            var random = new SplitMix64(SplitMix64.Mix(request.Seed, [.. problem.Id.Select(c => (ulong)c), (ulong)i]));
            var reference = problem.ReferenceSolutions[random.Below(problem.ReferenceSolutions.Count)];
            var drawn = Shuffled(cases, ref random)[..TcgPrompts.CasesPerAnswer];
            var prompt = TcgPrompts.Cases(problem, reference, shown is null ? [] : [shown]);
            var right = CaseFormat.Write(drawn);
            var text = prompt.Messages.Sum(message => message.Content.Length) + right.Length;
            if (text <= MostCharacters && given.Add(reference + right) && Example(request.Kind, prompt, drawn, right, language, ref random) is { } example)
            {
                example.Id = $"{problem.Id}/{(request.Kind == V1.TcgDataKind.Sft ? "sft" : "dpo")}/{i}";
                yield return example;
            }
        }
    }

    private static V1.TrainingExample? Example(
        V1.TcgDataKind kind, V1.ChatPrompt prompt, List<WrittenCase> drawn, string right, ICaseLanguage language,
        ref SplitMix64 random)
    {
        if (kind == V1.TcgDataKind.Sft)
        {
            return new V1.TrainingExample { Completion = new V1.PromptCompletion { Prompt = { prompt.Messages }, Completion = right } };
        }

        return MixedUp(drawn, language, ref random) is { } wrong
            ? new V1.TrainingExample
            {
                Preference = new V1.Preference { Prompt = { prompt.Messages }, Chosen = right, Rejected = CaseFormat.Write(wrong) },
            }
            : null;
    }

    /// <summary>The same inputs with the outputs in an order in which not all match; null when all outputs are equal.</summary>
    internal static List<WrittenCase>? MixedUp(List<WrittenCase> cases, ICaseLanguage language, ref SplitMix64 random)
    {
        var right = cases.Select(Key).ToList();
        if (right.Distinct(StringComparer.Ordinal).Count() == 1)
        {
            return null;
        }

        var outputs = Shuffled([.. cases.Select(one => one.Output)], ref random);
        var mixed = cases.Zip(outputs, (one, output) => one with { Output = output }).ToList();
        if (mixed.Select(Key).SequenceEqual(right))
        {
            // Turned by one place, outputs that are not all equal cannot all match.
            mixed = [.. cases.Select((one, i) => one with { Output = cases[(i + 1) % cases.Count].Output })];
        }

        return mixed;

        string Key(WrittenCase one) => language.ReadOutput(one.Output!)!.Key;
    }

    // Those that the service itself could read and would not cut.
    private static List<WrittenCase> Cases(ICaseLanguage language, IEnumerable<V1.TestCase> tests) =>
    [
        .. tests.Select(language.FromTest).OfType<WrittenCase>()
            .Where(one => one.Output is not null && CaseFormat.Write(one) is { Length: <= MostCaseCharacters } text
                && CaseFormat.Read(text, isCutOff: false) is [{ } read]
                && language.ReadInput(read.Input) is { } input && input == language.ReadInput(one.Input)
                && language.ReadOutput(read.Output ?? "") is { } output && output == language.ReadOutput(one.Output)),
    ];

    // Fisher and Yates.
    private static List<T> Shuffled<T>(IReadOnlyList<T> items, ref SplitMix64 random)
    {
        var shuffled = items.ToList();
        for (var i = shuffled.Count - 1; i > 0; i--)
        {
            var other = random.Below(i + 1);
            (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
        }

        return shuffled;
    }
}
