namespace O1Coder.AppHost;

/// <summary>One line on standard error that says what the start waits for; only where that is a terminal.</summary>
/// <param name="names">The resources.</param>
/// <param name="wanted">Whether it is wanted: where logs scroll by, a line that rewrites itself would tear them apart.</param>
internal sealed class StartingLine(string[] names, bool wanted) : IDisposable
{
    private readonly bool _shown = wanted && !Console.IsErrorRedirected
        && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _states = [];
    private bool _ended;

    /// <summary>Shows a resource's state.</summary>
    public void Update(string name, string state)
    {
        lock (_lock)
        {
            if (_shown && !_ended && names.Contains(name))
            {
                _states[name] = state;
                Console.Error.Write($"\r\e[2Kstarting {string.Join(" · ", names.Select(Describe))}");
            }
        }
    }

    /// <summary>Clears the line.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _ended = true;
            if (_shown)
            {
                Console.Error.Write("\r\e[2K");
            }
        }
    }

    private string Describe(string name) => _states.GetValueOrDefault(name) switch
    {
        "healthy" => $"{name} ✓",
        "waiting" or null => $"\e[2m{name}\e[0m",
        _ => $"{name} …",
    };
}
