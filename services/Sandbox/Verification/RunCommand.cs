using Google.Protobuf;
using Grpc.Core;
using O1Coder.ServiceDefaults;
using O1Coder.V1;

namespace O1Coder.Sandbox.Verification;

/// <summary>
/// <c>Sandbox run LIMITER</c>: runs the requests that standard input holds, an ExecuteRequest of sandbox.proto as JSON on each
/// line, through the service, and prints each ExecuteResponse as JSON on a line.
/// </summary>
internal sealed class RunCommand() : ServiceCommand("run", "LIMITER")
{
    private static readonly JsonFormatter s_json = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    /// <summary>Where the requests come from.</summary>
    public TextReader Input { get; init; } = Console.In;

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(IReadOnlyList<string> words, TextWriter output, CancellationToken cancellationToken)
    {
        VerifyCommand.CheckLimiter(words[0]);
        await using var host = await VerifyHost.StartAsync(boxes: 1, words[0]);
        for (var number = 1; await Input.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            var response = await host.Client.ExecuteAsync(Read(line, number), cancellationToken: cancellationToken);
            await output.WriteLineAsync(s_json.Format(response).AsMemory(), cancellationToken);
        }

        return 0;
    }

    /// <inheritdoc/>
    protected override bool IsBadInput(Exception exception) => exception is CaseFormatException or SandboxUnavailableException
        or RpcException { StatusCode: StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.NotFound };

    private static ExecuteRequest Read(string line, int number)
    {
        try
        {
            return ExecuteRequest.Parser.ParseJson(line);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidJsonException)
        {
            throw new CaseFormatException($"line {number} of standard input is no request: {exception.Message}");
        }
    }
}
