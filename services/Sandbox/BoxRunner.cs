using Grpc.Core;
using Microsoft.Extensions.Options;
using O1Coder.V1;

namespace O1Coder.Sandbox;

/// <summary>Runs one box of the launcher's.</summary>
internal sealed class BoxRunner(Launcher launcher, IOptions<SandboxOptions> options)
{
    /// <summary>The service's own limits, for what is run beside a request's program.</summary>
    public BoxLimits OwnLimits => RequestValidation.Limits(new ExecutionLimits(), options.Value);

    /// <summary>Runs a box; the caller has its turn.</summary>
    /// <exception cref="RpcException">FailedPrecondition; Unavailable when the launcher died, which the next request starts again.</exception>
    public async Task<BoxFacts> RunAsync(BoxRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var facts = await BoxClient.RunAsync(await launcher.ConnectAsync(cancellationToken), request, cancellationToken);
            if (facts.Error is null)
            {
                launcher.NoteAnswer();
            }

            return facts;
        }
        catch (SandboxUnavailableException exception)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, exception.Message));
        }
        catch (IOException exception)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, $"the sandbox lost its launcher ({exception.Message}); try again"));
        }
    }
}
