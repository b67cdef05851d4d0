namespace O1Coder.Problems.DataSets;

/// <summary>Finds the function that assertions call.</summary>
internal static class EntryPoint
{
    /// <summary>
    /// The signature of the function that every test calls: as the code defines it, else made from the calls.
    /// </summary>
    /// <param name="row">The row, for faults.</param>
    /// <param name="field">The field of the tests.</param>
    /// <param name="tests">The tests, at least one.</param>
    /// <param name="code">Programs or prompts that may define the function.</param>
    /// <exception cref="DataSetFormatException">The tests have no function in common.</exception>
    public static string SignatureOf(JsonRow row, string field, IReadOnlyList<AssertionTest> tests, params IEnumerable<string> code)
    {
        var sources = code.ToList();
        var calls = tests.Select(test => PythonCalls.In(test.Code).Select(call => call.Name).ToList()).ToList();
        var defined = sources.SelectMany(PythonBlock.FunctionsOf).ToHashSet(StringComparer.Ordinal);
        var name = calls[0].FirstOrDefault(candidate => defined.Contains(candidate) && calls.All(inTest => inTest.Contains(candidate)));
        return (name is null ? null : sources.Select(source => PythonBlock.SignatureOf(source, name)).FirstOrDefault(found => found is not null))
            ?? PythonSignature.Infer(tests)
            ?? throw row.Fault(field, $"the tests of \"{field}\" call no function in common; expected one that all of them call");
    }
}
