using O1Coder.Problems;

namespace O1Coder.Tcg;

/// <summary>
/// Cases of a function: the input is the argument list, the output the value, both as Python literals in canonical
/// form. A case becomes <c>assert f(INPUT) == OUTPUT</c>.
/// </summary>
/// <param name="function">The function's name.</param>
internal sealed class FunctionCases(string function) : ICaseLanguage
{
    /// <inheritdoc/>
    public CaseInput? ReadInput(string text) => PythonEquality.Canonical(text) is { } arguments ? new CaseInput(arguments, arguments) : null;

    /// <inheritdoc/>
    public CaseOutput? ReadOutput(string text) => PythonLiteral.Read(text) is { } value ? new CaseOutput(value.Text, value.Key) : null;

    /// <inheritdoc/>
    public V1.TestCase ToTest(CaseInput input, CaseOutput output) => Assertion($"assert {function}({input.Text}) == {output.Text}");

    // No plain value equals an object that was just made, so every value passes and the sandbox tells it, while an
    // exception and a value that is no plain data do not.
    /// <inheritdoc/>
    public V1.TestCase ToProbe(CaseInput input) => Assertion($"assert {function}({input.Text}) != object()");

    /// <inheritdoc/>
    public CaseOutput? ReadActual(V1.TestResult result) => result.Verdict == V1.Verdict.Accepted ? ReadOutput(result.Actual) : null;

    /// <inheritdoc/>
    public WrittenCase? FromTest(V1.TestCase test)
    {
        if (test.Assertion is not { } assertion)
        {
            return null;
        }

        if (PythonEquality.Read(new AssertionTest(assertion.Code), function) is { } equality)
        {
            return new WrittenCase(equality.Arguments, equality.Expected.Text);
        }

        return PythonEquality.ArgumentsOf(assertion.Code, function) is { } arguments ? new WrittenCase(arguments, null) : null;
    }

    private static V1.TestCase Assertion(string code) => new() { Assertion = new V1.AssertionTest { Code = code } };
}
