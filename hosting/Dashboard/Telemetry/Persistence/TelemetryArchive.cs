using System.Globalization;
using System.Threading.Channels;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using O1Coder.Hosting.Dashboard.Telemetry.Ingest;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;

namespace O1Coder.Hosting.Dashboard.Telemetry.Persistence;

/// <summary>
/// Keeps requests in a file, as they came, and takes them in again at the next start, before anything listens. Writing is in
/// the background and never holds up a sender: when the disk falls behind, what waits is bounded and the rest is told as lost.
/// </summary>
internal sealed partial class TelemetryArchive(ArchiveOptions options, TelemetryIngest ingest, TimeProvider clock, ILogger<TelemetryArchive> logger)
    : IHostedLifecycleService, IDisposable
{
    private const string FileName = "telemetry.db";
    private const int Kinds = 3;
    private const long MaxWaitingBytes = 32L << 20;

    private readonly Channel<(Signal Signal, byte[] Message)> _waiting = Channel.CreateUnbounded<(Signal, byte[])>(new UnboundedChannelOptions { SingleReader = true });
    private ArchiveFile? _file;
    private Task _writing = Task.CompletedTask;
    private long _waitingBytes;
    private long _lost;

    /// <summary>True when telemetry is kept.</summary>
    public bool IsOpen => _file is not null;

    /// <summary>Has a request written; at once when nothing is kept.</summary>
    public void Keep(Signal signal, IMessage request)
    {
        if (_file is null)
        {
            return;
        }

        var size = request.CalculateSize();
        if (Interlocked.Add(ref _waitingBytes, size) > MaxWaitingBytes || !_waiting.Writer.TryWrite((signal, request.ToByteArray())))
        {
            Interlocked.Add(ref _waitingBytes, -size);
            Interlocked.Increment(ref _lost);
        }
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (options.Folder is null)
        {
            return Task.CompletedTask;
        }

        // Off this thread: the host's start is not for reading files.
        return Task.Run(
            () =>
            {
                _file = Open(options.Folder);
                if (_file is not null)
                {
                    Load(_file, cancellationToken);
                    _writing = Task.Run(WriteAsync, CancellationToken.None);
                }
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        // Nothing comes in any more: what waits is written.
        _waiting.Writer.TryComplete();
        await _writing.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        if (_writing.IsCompleted)
        {
            _file?.Dispose();
        }
    }

    private ArchiveFile? Open(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            // Telemetry is nobody else's business.
            _ = OperatingSystem.IsWindows()
                ? Directory.CreateDirectory(folder)
                : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return ArchiveFile.Open(path, options.MaxBytes / Kinds);
        }
        catch (InvalidDataException exception)
        {
            return OpenAnew(path, exception.Message);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            LogClosed(logger, path, exception.Message);
            return null;
        }
    }

    private ArchiveFile? OpenAnew(string path, string why)
    {
        var aside = $"{path}.damaged-{clock.GetUtcNow().ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture)}";
        try
        {
            foreach (var suffix in new[] { "", "-wal", "-shm" })
            {
                if (File.Exists(path + suffix))
                {
                    File.Move(path + suffix, aside + suffix);
                }
            }

            LogDamaged(logger, path, why, aside);
            return ArchiveFile.Open(path, options.MaxBytes / Kinds);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            LogClosed(logger, path, exception.Message);
            return null;
        }
    }

    private void Load(ArchiveFile file, CancellationToken cancellationToken)
    {
        var taken = 0;
        var unreadable = 0;
        foreach (var (signal, message) in file.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (message is not null && Take(signal, message))
            {
                taken++;
            }
            else
            {
                unreadable++;
            }
        }

        LogLoaded(logger, taken, unreadable);
    }

    private bool Take(Signal signal, byte[] message)
    {
        try
        {
            _ = signal switch
            {
                Signal.Traces => ingest.Take(ExportTraceServiceRequest.Parser.ParseFrom(message)),
                Signal.Logs => ingest.Take(ExportLogsServiceRequest.Parser.ParseFrom(message)),
                Signal.Metrics => ingest.Take(ExportMetricsServiceRequest.Parser.ParseFrom(message)),
                _ => null,
            };
            return Enum.IsDefined(signal);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private async Task WriteAsync()
    {
        var batches = new List<(Signal, byte[])>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            batches.Clear();
            var bytes = 0L;
            while (bytes < MaxWaitingBytes / Kinds && _waiting.Reader.TryRead(out var batch))
            {
                batches.Add(batch);
                bytes += batch.Message.Length;
            }

            try
            {
                _file!.Write(batches);
            }
            catch (SqliteException exception) when (ArchiveFile.IsDamage(exception))
            {
                _file!.Dispose();
                _file = OpenAnew(Path.Combine(options.Folder!, FileName), exception.Message);
                if (_file is null)
                {
                    return;
                }
            }
            catch (SqliteException exception)
            {
                Interlocked.Add(ref _lost, batches.Count);
                LogNotWritten(logger, exception.Message);
            }
            finally
            {
                Interlocked.Add(ref _waitingBytes, -bytes);
            }

            if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
            {
                LogLost(logger, lost);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} is damaged ({Why}): it is kept as {Aside}, and a new one is begun")]
    private static partial void LogDamaged(ILogger logger, string path, string why, string aside);

    [LoggerMessage(Level = LogLevel.Error, Message = "Telemetry is not kept over a restart: {Path} cannot be opened: {Why}")]
    private static partial void LogClosed(ILogger logger, string path, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Taken} requests of telemetry from before the start were taken in; {Unreadable} could not be read")]
    private static partial void LogLoaded(ILogger logger, int taken, int unreadable);

    [LoggerMessage(Level = LogLevel.Error, Message = "Telemetry could not be written: {Why}")]
    private static partial void LogNotWritten(ILogger logger, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Lost} requests of telemetry are shown, but were not written")]
    private static partial void LogLost(ILogger logger, long lost);
}
