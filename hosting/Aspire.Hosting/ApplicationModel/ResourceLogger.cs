using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Writes log entries as lines of a resource's log.</summary>
internal sealed class ResourceLogger(ResourceLoggerService logs, string name) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        foreach (var line in formatter(state, exception).Split('\n'))
        {
            logs.Write(name, line.TrimEnd('\r'), logLevel >= LogLevel.Error);
        }
    }
}
