using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;
using O1Coder.Hosting.Dashboard.Telemetry.Persistence;
using O1Coder.Hosting.Dashboard.Telemetry.Store;

namespace O1Coder.Dashboard.Tests.Telemetry;

public sealed class ArchiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dashboard-archive-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string DatabasePath => Path.Combine(_folder, "telemetry.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Telemetry_survives_a_restart()
    {
        await Run(async (receiver, _) =>
        {
            receiver.Receive(Sample.Spans("svc", Sample.Span(1, 1), Sample.Span(1, 2, 1)));
            receiver.Receive(Sample.Logs("svc", Sample.Log("kept")));
            receiver.Receive(Sample.Sum(0, 5));
            receiver.Receive(Sample.Sum(10, 8));
            await Task.CompletedTask;
        });
        await Run((_, store) =>
        {
            Assert.Equal(2, Assert.Single(store.Traces()).Count);
            Assert.Equal("kept", Assert.Single(store.Logs()).Message);
            Assert.Equal(2, store.Instruments(store.MeteredResources.Single()).Single().Range(0, long.MaxValue).Single().Points.Length);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task The_file_is_bounded_and_the_oldest_go_first()
    {
        var random = new Random(1);
        for (var start = 0; start < 3; start++)
        {
            await Run(
                (receiver, _) =>
                {
                    for (var number = 0; number < 40; number++)
                    {
                        // Nothing that could be packed.
                        var bytes = new byte[30_000];
                        random.NextBytes(bytes);
                        receiver.Receive(Sample.Logs("svc", Sample.Log($"{start}/{number} {Convert.ToBase64String(bytes)}")));
                    }

                    return Task.CompletedTask;
                },
                maxBytes: 3 << 20);
        }

        Assert.InRange(new FileInfo(DatabasePath).Length, 1, 4 << 20);
        await Run(
            (_, store) =>
            {
                var logs = store.Logs();
                Assert.InRange(logs.Count, 10, 40);
                Assert.StartsWith("2/39 ", logs[^1].Message, StringComparison.Ordinal);
                return Task.CompletedTask;
            },
            maxBytes: 3 << 20);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public async Task A_damaged_file_is_told_and_set_aside(int at)
    {
        await Run((receiver, _) =>
        {
            receiver.Receive(Sample.Logs("svc", Sample.Log(new string('x', 50_000))));
            return Task.CompletedTask;
        });
        await using (var file = File.OpenWrite(DatabasePath))
        {
            file.Position = at;
            await file.WriteAsync(Enumerable.Repeat((byte)0x5a, 4096).ToArray(), Cancel);
        }

        var log = new Lines();
        await Run(
            (receiver, store) =>
            {
                Assert.Empty(store.Logs());
                receiver.Receive(Sample.Logs("svc", Sample.Log("after")));
                return Task.CompletedTask;
            },
            logger: log);
        Assert.Contains(log.All, line => line.Contains("is damaged", StringComparison.Ordinal));
        Assert.Single(Directory.GetFiles(_folder, "telemetry.db.damaged-*"));
        await Run((_, store) =>
        {
            Assert.Equal("after", Assert.Single(store.Logs()).Message);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task A_folder_that_cannot_be_used_is_told_and_the_dashboard_works_without()
    {
        await File.WriteAllTextAsync(DatabasePath, "", Cancel);
        var log = new Lines();
        await Run(
            (receiver, store) =>
            {
                receiver.Receive(Sample.Logs("svc", Sample.Log("shown")));
                Assert.Single(store.Logs());
                return Task.CompletedTask;
            },
            folder: DatabasePath,
            logger: log);
        Assert.Contains(log.All, line => line.Contains("not kept over a restart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_dashboard_does_not_get_the_same_file()
    {
        await Run(async (first, _) =>
        {
            var log = new Lines();
            await Run(
                (second, _) =>
                {
                    second.Receive(Sample.Logs("svc", Sample.Log("of the second")));
                    return Task.CompletedTask;
                },
                logger: log);
            Assert.Contains(log.All, line => line.Contains("not kept over a restart", StringComparison.Ordinal));
            first.Receive(Sample.Logs("svc", Sample.Log("of the first")));
        });
        await Run((_, store) =>
        {
            Assert.Equal("of the first", Assert.Single(store.Logs()).Message);
            return Task.CompletedTask;
        });
    }

    private async Task Run(Func<TelemetryReceiver, TelemetryStore, Task> action, long maxBytes = 96 << 20, string? folder = null, ILogger<TelemetryArchive>? logger = null)
    {
        var (store, ingest) = Sample.Store();
        using var archive = new TelemetryArchive(new ArchiveOptions(folder ?? _folder, maxBytes), ingest, TimeProvider.System, logger ?? NullLogger<TelemetryArchive>.Instance);
        await archive.StartingAsync(Cancel);
        await action(new TelemetryReceiver(ingest, archive), store);
        await archive.StoppedAsync(Cancel);
    }

    private sealed class Lines : ILogger<TelemetryArchive>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add(formatter(state, exception));
    }
}
