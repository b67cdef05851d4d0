namespace O1Coder.ServiceDefaults;

/// <summary>How a service's program ends where a setting or an argument cannot work.</summary>
public static class BadInput
{
    private const int ExitCode = 2;

    /// <summary>Says what is wrong in one line, which begins with <c>error: </c>.</summary>
    /// <param name="errors">Where to, for example standard error.</param>
    /// <param name="message">It names what is wrong, its value and what was expected.</param>
    /// <returns>The exit code, 2.</returns>
    public static int WriteBadInput(this TextWriter errors, string message)
    {
        ArgumentNullException.ThrowIfNull(errors);
        ArgumentNullException.ThrowIfNull(message);
        errors.WriteLine($"error: {message.ReplaceLineEndings(" ")}");
        return ExitCode;
    }
}
