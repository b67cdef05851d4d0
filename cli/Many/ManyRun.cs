using System.Text.Json;
using Grpc.Core;
using O1Coder.Cli.Display;
using O1Coder.Cli.Searching;
using O1Coder.Cli.Streaming;
using O1Coder.V1;

namespace O1Coder.Cli.Many;

/// <summary>Runs a run over many problems on a coordinator and tells each problem when it is done with.</summary>
internal sealed class ManyRun(SolveManyRequest request, bool json, Terminal terminal)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromDays(31);
    private static readonly TimeSpan s_standingEvery = TimeSpan.FromSeconds(5);

    private readonly List<ProblemAnswered> _answers = [];
    private ManyStarted? _started;
    private ManyProgress? _standing;
    private ManyFinished? _finished;
    private long _told;

    // What is for people: beside the JSON it goes to standard error.
    private TextWriter Out => json ? terminal.Error : terminal.Out;

    /// <summary>Runs it; every failure has been reported when this returns.</summary>
    /// <param name="coordinator">Where the coordinator answers.</param>
    /// <param name="cancellationToken">Leaves the run as it stands.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunAsync(Uri coordinator, CancellationToken cancellationToken)
    {
        Ending ending;
        try
        {
            using var channel = CoordinatorChannel.Open(coordinator);
            var client = new SearchService.SearchServiceClient(channel.Invoker);
            using var call = client.SolveMany(request, deadline: DateTime.UtcNow + s_timeout, cancellationToken: cancellationToken);
            await EventStream.FollowAsync(call.ResponseStream, terminal.Clock, Take, () => { }, cancellationToken);
            ending = _finished is null ? Ending.Failed("the coordinator closed the stream before the run had ended") : Ending.Done;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            ending = Ending.Cancelled;
        }
        catch (RpcException exception)
        {
            ending = Ending.Failed(CallFailure.Explain(exception, coordinator, _started is not null, s_timeout, "run"));
        }

        if (ending != Ending.Done && _started is not null)
        {
            Out.WriteLine($"The run stands as it is and goes on with: many --run {_started.RunId}");
        }

        if (json)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(ManyResult.Of(_started, _answers, _standing, _finished, ending), JsonOutput.Options));
        }

        return ending.Error is { } error ? terminal.Report(error) : ending.ExitCode;
    }

    private void Take(SolveManyResponse one)
    {
        switch (one.EventCase)
        {
            case SolveManyResponse.EventOneofCase.Started:
                _started = one.Started;
                Out.WriteLine(
                    $"{Words.Count(one.Started.Problems, "problem")} in {one.Started.Folder}"
                    + (one.Started.Answered > 0 ? $", {Words.Count(one.Started.Answered)} of them done with before" : ""));
                break;
            case SolveManyResponse.EventOneofCase.Answered:
                _answers.Add(one.Answered);
                Out.WriteLine(LineOf(one.Answered));
                break;
            case SolveManyResponse.EventOneofCase.Progress:
                _standing = one.Progress;
                if (terminal.Clock.GetElapsedTime(_told) >= s_standingEvery)
                {
                    _told = terminal.Clock.GetTimestamp();
                    Out.WriteLine(LineOf(one.Progress, _started?.Problems ?? 0));
                }

                break;
            case SolveManyResponse.EventOneofCase.Finished:
                (_finished, _standing) = (one.Finished, one.Finished.Totals);
                Out.WriteLine(
                    $"{Words.Count(one.Finished.Totals.Solved)} of {Words.Count(one.Finished.Problems, "problem")} solved: "
                    + $"{Words.Count(one.Finished.Totals.Rollouts, "rollout")}, {Words.Count(one.Finished.Totals.Tokens, "token")} in {Words.Time(one.Finished.Totals.Seconds)}"
                    + (one.Finished.TokensASolved > 0 ? $", {Words.Count((long)one.Finished.TokensASolved, "token")} a solved problem" : ""));
                break;
            default:
                break;
        }
    }

    private static string LineOf(ProblemAnswered one) => one.Error.Length > 0
        ? $"! {one.ProblemId}: {TerminalText.OneLine(one.Error)}"
        : $"{(one.Outcome == Outcome.Solved ? "✓" : "✗")} {one.ProblemId}: {Ending.Of(one.Outcome).Outcome.Replace('_', ' ')}, "
            + $"{Words.Count(one.Rollouts, "rollout")}, {Words.Count(one.Tokens, "token")}";

    private static string LineOf(ManyProgress one, int problems) =>
        $"  {Words.Time(one.Seconds)}  {Words.Count(one.Answered)} of {Words.Count(problems)} done with, {Words.Count(one.Solved)} solved, "
        + $"{Words.Count(one.Running)} under way, {Words.Count(one.Tokens, "token")}";
}
