namespace O1Coder.Cli.Tests;

/// <summary>One run of the command line with strings in place of a terminal.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The writers hold memory alone.")]
internal sealed class Session
{
    private readonly WatchedWriter _out = new();
    private readonly WatchedWriter _error = new();

    public Dictionary<string, string> Variables { get; } = [];

    public string Input { get; init; } = "";

    public bool Interactive { get; init; }

    public (int Width, int Height) Size { get; set; } = (80, 24);

    public string Folder { get; init; } = Environment.CurrentDirectory;

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    /// <summary>Ends when standard output holds the text.</summary>
    public Task WaitForOutAsync(string text) => _out.WaitForAsync(text);

    public Terminal CreateTerminal() => new()
    {
        In = new StringReader(Input),
        Out = _out,
        Error = _error,
        IsInteractive = Interactive,
        Size = () => Size,
        Variable = name => Variables.GetValueOrDefault(name),
        WorkingDirectory = Folder,
    };

    public Invocation Prepare(params string[] args) => Invocation.Prepare(args, CreateTerminal());

    public Task<int> RunAsync(Uri coordinator, params string[] args) => RunAsync(coordinator, TestContext.Current.CancellationToken, args);

    public Task<int> RunAsync(Uri coordinator, CancellationToken cancellationToken, params string[] args)
    {
        var invocation = Prepare(args);
        Assert.True(invocation.ExitCode is null, $"Prepare ended with {invocation.ExitCode}: {Error}");
        return invocation.RunAsync(coordinator, cancellationToken);
    }
}
