namespace Aspire.Hosting.Orchestration;

/// <summary>A program to start.</summary>
/// <param name="FileName">A path, or a name that is found on PATH.</param>
/// <param name="Arguments">Its arguments, before those of the resource.</param>
/// <param name="WorkingDirectory">The folder to start it in.</param>
internal sealed record ProcessCommand(string FileName, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    /// <summary>What it reads from standard input, which is closed after that.</summary>
    public string StandardInput { get; init; } = "";

    /// <summary>A file with a secret that is deleted as soon as the program is healthy, or has ended; null for none.</summary>
    public string? SecretFile { get; init; }
}
