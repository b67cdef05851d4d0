using System.Text;

namespace O1Coder.Sandbox.Verification;

/// <summary>Keeps what the service logs, the last 16 MiB of it, so that a case can look for what must not be there.</summary>
internal sealed class ServiceLog : ILoggerProvider, ILogger
{
    private const int MostCharacters = 16 << 20;
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private long _dropped;

    /// <summary>Where the next line will stand.</summary>
    public long Position
    {
        get
        {
            lock (_gate)
            {
                return _dropped + _text.Length;
            }
        }
    }

    /// <summary>What was logged from a place on.</summary>
    public string Since(long position)
    {
        lock (_gate)
        {
            var start = (int)Math.Max(0, position - _dropped);
            return start >= _text.Length ? "" : _text.ToString(start, _text.Length - start);
        }
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = $"{formatter(state, exception)} {exception}\n";
        lock (_gate)
        {
            _text.Append(line);
            if (_text.Length > MostCharacters)
            {
                var excess = _text.Length - (MostCharacters / 2);
                _text.Remove(0, excess);
                _dropped += excess;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held; the log outlives the service that wrote it.
    }
}
