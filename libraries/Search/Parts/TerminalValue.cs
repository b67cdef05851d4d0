namespace O1Coder.Search;

/// <summary>
/// The value of a finished program, v = α·compile + (1−α)·pass (o1-Coder, section 3.2.2), with compile ∈ {0, 1} and
/// pass = passed tests / all tests, as the paper's code has it.
/// </summary>
public static class TerminalValue
{
    /// <summary>v for one judgement, in [0, 1]; exactly 1 when every test passed.</summary>
    /// <param name="judgement">What the judge said.</param>
    /// <param name="compileWeight">α, in [0, 1].</param>
    public static double Of(Judgement judgement, double compileWeight)
    {
        ArgumentNullException.ThrowIfNull(judgement);
        if (judgement.Accepted)
        {
            // α + (1−α) need not round to 1, and 1 is what tells people and tests that nothing is left to gain.
            return 1;
        }

        var compile = judgement.Compiled ? 1.0 : 0.0;
        var pass = judgement.Total > 0 ? (double)judgement.Passed / judgement.Total : 0;
        return Math.Clamp((compileWeight * compile) + ((1 - compileWeight) * pass), 0, 1);
    }
}
