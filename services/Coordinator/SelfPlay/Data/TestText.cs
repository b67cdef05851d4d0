namespace O1Coder.Coordinator;

/// <summary>A test as a line of JSON has it: an assertion, or an input and its output.</summary>
/// <param name="Assertion">The assertion; empty for an input and output.</param>
/// <param name="Stdin">Standard input.</param>
/// <param name="Stdout">Standard output.</param>
internal sealed record TestText(string Assertion, string Stdin, string Stdout)
{
    /// <summary>As the wire had it.</summary>
    public static TestText From(V1.TestCase test) => test.KindCase == V1.TestCase.KindOneofCase.Stdio
        ? new TestText("", test.Stdio.Stdin, test.Stdio.Stdout)
        : new TestText(test.Assertion.Code, "", "");

    /// <summary>As the wire has it.</summary>
    public V1.TestCase ToWire() => Assertion.Length == 0
        ? new V1.TestCase { Stdio = new V1.StdioTest { Stdin = Stdin, Stdout = Stdout } }
        : new V1.TestCase { Assertion = new V1.AssertionTest { Code = Assertion } };
}
