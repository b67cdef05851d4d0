namespace O1Coder.Benchmarks;

/// <summary>Processes that do nothing but keep a core busy, each until it is disposed of or this process ends.</summary>
internal sealed class Neighbours : IDisposable
{
    /// <summary>The hidden option that makes this program one of them.</summary>
    public const string Option = "--busy";

    private readonly List<ChildProcess> _processes = [];

    /// <summary>Starts them.</summary>
    public Neighbours(int count)
    {
        string[] self = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Neighbours).Assembly.Location] : [];
        for (var i = 0; i < count; i++)
        {
            _processes.Add(ChildProcess.Start(Environment.ProcessPath!, [.. self, "engine", Option], new Dictionary<string, string?>()));
        }
    }

    /// <summary>Keeps a core busy until standard input ends.</summary>
    public static void BeBusy()
    {
        var ended = false;
        var waiting = new Thread(AwaitEnd) { IsBackground = true };
        waiting.Start();
        while (!Volatile.Read(ref ended))
        {
        }

        void AwaitEnd()
        {
            while (Console.In.Read() >= 0)
            {
            }

            Volatile.Write(ref ended, true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _processes.ForEach(process => process.Dispose());
}
