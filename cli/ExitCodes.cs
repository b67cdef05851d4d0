namespace O1Coder.Cli;

/// <summary>What the process's exit code says.</summary>
public static class ExitCodes
{
    /// <summary>The returned program passes every test, hidden ones included; or the command did what was asked.</summary>
    public const int Solved = 0;

    /// <summary>The budget was spent, or a hidden test fails; <c>doctor</c>: something that is needed is missing.</summary>
    public const int NotSolved = 1;

    /// <summary>Bad input, or the system failed or cannot be reached.</summary>
    public const int BadInput = 2;

    /// <summary>Cancelled by Ctrl+C (128 + SIGINT, as shells have it).</summary>
    public const int Cancelled = 130;
}
