using Grpc.Core;
using O1Coder.Cli.Display;
using O1Coder.Cli.Searching;
using O1Coder.Cli.Streaming;
using O1Coder.V1;

namespace O1Coder.Cli.Evaluation;

/// <summary>Runs an evaluation, one arm after the other, on a coordinator and shows it as it goes.</summary>
internal sealed class EvaluateRun(EvaluateJob job, Terminal terminal)
{
    private EvaluationView _view = EvaluationView.Of(job);

    /// <summary>Evaluates; every failure has been reported when this returns.</summary>
    /// <param name="coordinator">Where the coordinator answers.</param>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunAsync(Uri coordinator, CancellationToken cancellationToken)
    {
        using var presenter = CreatePresenter();
        Ending ending;
        try
        {
            using var file = job.Out is null ? null : new SampleFile(job.Out);
            ending = await EvaluateAsync(coordinator, presenter, file, cancellationToken);
            if (ending == Ending.Done)
            {
                file?.Finish();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            ending = Ending.Failed($"--out {job.Out} cannot be written: {exception.Message}");
        }

        presenter.End(_view, ending);
        return Report(ending);
    }

    private async Task<Ending> EvaluateAsync(
        Uri coordinator, IPresenter<EvaluationView, EvaluateResponse> presenter, SampleFile? file, CancellationToken cancellationToken)
    {
        try
        {
            using var channel = CoordinatorChannel.Open(coordinator);
            var client = new EvaluationService.EvaluationServiceClient(channel.Invoker);
            for (var arm = 0; arm < job.Arms.Count; arm++)
            {
                _view = _view with { Running = arm };
                using var call = client.Evaluate(
                    job.Arms[arm].Request, deadline: DateTime.UtcNow + job.Timeout, cancellationToken: cancellationToken);
                await EventStream.FollowAsync(
                    call.ResponseStream, terminal.Clock, one => Take(one, presenter, file), () => presenter.Tick(_view), cancellationToken);
                if (_view.Current.Finished is null)
                {
                    return Ending.Failed("the coordinator closed the stream before the evaluation had ended");
                }
            }

            return Ending.Done;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return Ending.Cancelled;
        }
        catch (RpcException exception)
        {
            return Ending.Failed(CallFailure.Explain(
                exception, coordinator, _view.Current.Started is not null, job.Timeout, "evaluation"));
        }
    }

    private void Take(EvaluateResponse one, IPresenter<EvaluationView, EvaluateResponse> presenter, SampleFile? file)
    {
        _view = _view.Apply(one);
        if (one.Sample is { } sample)
        {
            file?.Append(_view.Current, sample);
        }

        presenter.Show(_view, one);
    }

    private int Report(Ending ending)
    {
        var done = _view.Arms.Sum(arm => arm.Samples.Count);
        var kept = done == 0 ? "" : $"{Words.Count(done, "sample")} {(done == 1 ? "is" : "are")} kept, and the same command goes on after {(done == 1 ? "it" : "them")}"
            + (job.Out is null ? "" : $"; those of this run are in {SampleFile.PartialOf(job.Out)}");
        if (ending == Ending.Cancelled)
        {
            terminal.Error.WriteLine($"o1coder: stopped{(kept.Length > 0 ? $"; {TerminalText.OneLine(kept)}" : "")}");
            terminal.Error.Flush();
        }

        return ending.Error is { } error ? terminal.Report(kept.Length > 0 ? $"{error}; {kept}" : error) : ending.ExitCode;
    }

    private IPresenter<EvaluationView, EvaluateResponse> CreatePresenter() => job switch
    {
        { Json: true } => new JsonPresenter<EvaluationView, EvaluateResponse>(
            terminal, new PlainEvaluation(terminal, terminal.Error), EvaluationResult.Of),
        { Plain: false } when terminal.IsInteractive => new LiveEvaluation(terminal),
        _ => new PlainEvaluation(terminal, terminal.Out),
    };
}
