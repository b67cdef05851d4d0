using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace O1Coder.Hosting.Tests;

/// <summary>The resources' console logs.</summary>
public sealed class LogTests
{
    [Fact]
    public async Task WhoComesLaterSeesWhatWasSaidBeforeAndThenWhatIsSaid()
    {
        await using var test = new TestApplication();
        test.Script("talker", "echo one; echo two >&2; until [ -e go ]; do sleep 0.05; done; echo three; sleep 600");
        await test.StartAsync();
        var logs = test.App.Services.GetRequiredService<ResourceLoggerService>();
        List<LogLine> seen = [];
        await foreach (var batch in logs.WatchAsync("talker").WithCancellation(TestApplication.Limit))
        {
            seen.AddRange(batch);
            if (seen.Count == 2)
            {
                await File.WriteAllTextAsync(Path.Combine(test.Folder, "go"), "", TestApplication.Limit);
            }

            if (seen.Count >= 3)
            {
                break;
            }
        }

        Assert.Equal(["one", "three", "two"], seen.Select(line => line.Content).Order());
        Assert.True(seen.Single(line => line.Content == "two").IsErrorMessage);
        Assert.False(seen.Single(line => line.Content == "three").IsErrorMessage);
        Assert.Equal([1, 2, 3], seen.Select(line => line.LineNumber));
        Assert.Equal(seen, await test.LogAsync("talker"));
    }

    [Fact]
    public async Task TheBacklogIsBounded()
    {
        using var logs = new ResourceLoggerService();
        var logger = logs.GetLogger("many");
        for (var i = 1; i <= ResourceLoggerService.BacklogLines + 5; i++)
        {
            logger.LogInformation("{Number}", i);
        }

        await foreach (var lines in logs.GetAllAsync("many"))
        {
            Assert.Equal(ResourceLoggerService.BacklogLines, lines.Count);
            Assert.Equal(new LogLine(6, "6", IsErrorMessage: false), lines[0]);
        }
    }

    [Fact]
    public async Task ACompleteLogEndsForThoseWhoWatchIt()
    {
        using var logs = new ResourceLoggerService();
        logs.GetLogger("short").LogError("first\nsecond");
        logs.Complete("short");
        List<LogLine> seen = [];
        await foreach (var lines in logs.WatchAsync("short").WithCancellation(TestApplication.Limit))
        {
            seen.AddRange(lines);
        }

        Assert.Equal([new LogLine(1, "first", true), new LogLine(2, "second", true)], seen);
    }
}
