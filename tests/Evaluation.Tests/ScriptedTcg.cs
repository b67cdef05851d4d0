using Grpc.Core;
using O1Coder.V1;

namespace O1Coder.Evaluation.Tests;

/// <summary>A test-case generator that tells counts. Public because the gRPC server makes its methods' delegates from outside.</summary>
public sealed class ScriptedTcg : TcgService.TcgServiceBase
{
    /// <summary>The counts for a problem.</summary>
    public Func<GenerateTestsRequest, TestCounts> Counts { get; set; } = _ => new TestCounts { Written = 4, Good = 3, WrongOutputs = 1 };

    /// <summary>Whether the generation ends with an error after its progress.</summary>
    public bool FindsNone { get; set; }

    public List<GenerateTestsRequest> Requests { get; } = [];

    public override async Task GenerateTests(
        GenerateTestsRequest request, IServerStreamWriter<GenerateTestsResponse> responseStream, ServerCallContext context)
    {
        lock (Requests)
        {
            Requests.Add(request);
        }

        var counts = Counts(request);
        await responseStream.WriteAsync(new GenerateTestsResponse { Progress = new TcgProgress { Counts = counts, GeneratedTokens = 10 } });
        if (FindsNone)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, "no test could be agreed on"));
        }

        await responseStream.WriteAsync(new GenerateTestsResponse { Finished = new TcgFinished { Counts = counts, GeneratedTokens = 20 } });
    }
}
