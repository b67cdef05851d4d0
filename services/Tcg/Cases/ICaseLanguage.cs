namespace O1Coder.Tcg;

/// <summary>What cases mean for one kind of problem. Nothing that the model wrote reaches a test but through here.</summary>
internal interface ICaseLanguage
{
    /// <summary>The input that a text is; null for what is none.</summary>
    CaseInput? ReadInput(string text);

    /// <summary>The output that a text is; null for what is none.</summary>
    CaseOutput? ReadOutput(string text);

    /// <summary>The test that a program passes when it gives the output for the input.</summary>
    V1.TestCase ToTest(CaseInput input, CaseOutput output);

    /// <summary>A test that makes the sandbox tell what a program gives for an input.</summary>
    V1.TestCase ToProbe(CaseInput input);

    /// <summary>What a program gave, from the result of a probe; null when it did not run to an output.</summary>
    CaseOutput? ReadActual(V1.TestResult result);

    /// <summary>The case that a test is; null for a test that cases cannot say.</summary>
    WrittenCase? FromTest(V1.TestCase test);
}
