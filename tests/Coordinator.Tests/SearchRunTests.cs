using System.Threading.Channels;
using O1Coder.Search;

namespace O1Coder.Coordinator.Tests;

public sealed class SearchRunTests : IDisposable
{
    private readonly SearchFolder _folder = new("s", Directory.CreateTempSubdirectory("o1coder-run-").FullName);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder.Path, recursive: true);

    [Fact]
    public async Task Progress_comes_neither_before_the_first_event_nor_after_the_last_and_one_is_not_a_plural()
    {
        var plan = SolveRequestReader.Read(Programs.Request(), new CoordinatorOptions());
        var events = Channel.CreateUnbounded<V1.SolveResponse>();
        using (var log = new EventLogWriter(_folder.LogPath, LogLease.Of(TimeProvider.System, 0, resumes: true)))
        {
            var run = new SearchRun(plan, _folder, log, events.Writer, new ProgressMeter(TimeProvider.System), SearchPast.None);
            run.ReportProgress();
            await run.EmitStartedAsync(new V1.ModelIdentity(), Token);
            run.ReportProgress();
            await run.EmitAsync(new RolloutFinished(1, [0], 0), Token);
            run.ReportProgress();
            var trouble = await run.EmitFinishedAsync(new SearchFinished(StopReason.BudgetSpent, null, null, 0, "hash"), V1.Outcome.BudgetSpent, null, picture: true, Token);
            Assert.Contains("request.json is missing", trouble, StringComparison.Ordinal);
            run.ReportProgress();
        }

        events.Writer.Complete();
        Assert.Equal(
            [
                V1.SolveResponse.EventOneofCase.Started,
                V1.SolveResponse.EventOneofCase.Progress,
                V1.SolveResponse.EventOneofCase.RolloutFinished,
                V1.SolveResponse.EventOneofCase.Progress,
                V1.SolveResponse.EventOneofCase.Finished,
            ],
            await events.Reader.ReadAllAsync(Token).Select(one => one.EventCase).ToListAsync(Token));
        Assert.Contains(" 1 rollout, 0 programs judged, 1 node,", await File.ReadAllTextAsync(_folder.TracePath, Token), StringComparison.Ordinal);
    }
}
