using System.Threading.Channels;
using Grpc.Core;
using static O1Coder.ServiceDefaults.InvalidArgument;

namespace O1Coder.Coordinator;

/// <summary>Opens runs over many problems, new ones and those that were broken off.</summary>
internal sealed class ManyRuns(IProblemWork work, CoordinatorOptions options, TimeProvider clock)
{
    /// <summary>The run that a request asks for; a new one has its folder from here on.</summary>
    /// <exception cref="RpcException">InvalidArgument, NotFound.</exception>
    public ManyFolder Open(V1.SolveManyRequest request)
    {
        if (request.RunId.Length == 0)
        {
            ManyRequestReader.Read(request, options);
            return ManyFolder.Create(options.RunsFolder, request, clock);
        }

        ThrowUnless(
            request.Equals(new V1.SolveManyRequest { RunId = request.RunId }), "run_id", request.RunId,
            "no other field beside it: the run's folder has the rest");
        return ManyFolder.Find(options.RunsFolder, request.RunId);
    }

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="RpcException">FailedPrecondition: it is in progress, or its log is damaged; else a service failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the run can be taken up again.</exception>
    public async Task RunAsync(ManyFolder folder, ChannelWriter<V1.SolveManyResponse> output, CancellationToken cancellationToken)
    {
        using var held = SearchLock.TryTake(new SearchFolder(folder.RunId, folder.Path)) ?? throw new RpcException(new Status(
            StatusCode.FailedPrecondition, $"run {folder.RunId} is in progress"));
        using var run = Begin(folder, ManyRequestReader.Header(folder.ReadRequest(), 0), output);
        await run.RunAsync(cancellationToken);
    }

    private ManyRun Begin(ManyFolder folder, ManyPlan plan, ChannelWriter<V1.SolveManyResponse> output)
    {
        try
        {
            return new ManyRun(folder, plan, work, clock, output);
        }
        catch (InvalidDataException error)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"run {folder.RunId} cannot go on: {error.Message}"));
        }
    }
}
