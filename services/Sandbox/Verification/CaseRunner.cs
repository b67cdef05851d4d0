using System.Diagnostics;
using Grpc.Core;
using O1Coder.ServiceDefaults;
using O1Coder.V1;

namespace O1Coder.Sandbox.Verification;

/// <summary>Runs a case, then the one that it names, and says what was wrong.</summary>
internal sealed class CaseRunner(SandboxService.SandboxServiceClient client, ServiceLog log)
{
    private const int LargestProgram = 1 << 20;

    /// <summary>Runs a case.</summary>
    /// <returns>What was wrong, a line each; none when it passed.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(VerifyCase one, CancellationToken cancellationToken)
    {
        var faults = await CheckAsync(one, cancellationToken);
        return one.Then is { } next
            ? [.. faults, .. (await CheckAsync(next, cancellationToken)).Select(fault => $"then {next.Name}: {fault}")]
            : faults;
    }

    private async Task<List<string>> CheckAsync(VerifyCase one, CancellationToken cancellationToken)
    {
        var (place, began) = (log.Position, Stopwatch.GetTimestamp());
        ExecuteResponse response;
        string outcome;
        try
        {
            // What no message carries cannot be asked.
            response = one.Request.CalculateSize() < ServiceDefaultsExtensions.MaxMessageBytes
                ? await client.ExecuteAsync(one.Request, cancellationToken: cancellationToken)
                : throw new RpcException(new Status(StatusCode.InvalidArgument, $"the request takes {one.Request.CalculateSize()} bytes: expected at most {ServiceDefaultsExtensions.MaxMessageBytes}"));
            outcome = response.Verdict.ToString();
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Cancelled && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (RpcException exception)
        {
            response = new ExecuteResponse { Message = $"{exception.StatusCode}: {exception.Status.Detail}" };
            outcome = exception.StatusCode == StatusCode.InvalidArgument ? Outcomes.Refused : exception.StatusCode.ToString();
        }

        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return [.. Faults(one, response, outcome, took), .. Forbidden(one, response, log.Since(place))];
    }

    private static IEnumerable<string> Faults(VerifyCase one, ExecuteResponse response, string outcome, double took)
    {
        if (!IsRight(one, outcome))
        {
            yield return $"expected {string.Join(" or ", one.Expect.Order(StringComparer.Ordinal))}, came {outcome} ({Describe(response)})";
        }

        foreach (var failed in response.Results.Where(result => result.Verdict is Verdict.InternalError or Verdict.Unspecified).Take(1))
        {
            yield return $"test {failed.Index + 1} came to {failed.Verdict}: {failed.Stderr}";
        }

        if (one.WithinSeconds is { } within && took > within)
        {
            yield return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"expected within {within} s, came after {took:0.00} s");
        }
    }

    // A program too large to be sent is one that does not compile.
    private static bool IsRight(VerifyCase one, string outcome) => one.Expect.Contains(outcome)
        || (outcome == Outcomes.Refused && one.Expect.Contains(nameof(Verdict.CompileError)) && System.Text.Encoding.UTF8.GetByteCount(one.Request.Program) > LargestProgram);

    private static string Describe(ExecuteResponse response) => response.FirstFailure is { } first
        ? $"{response.Message}; actual {Cut(first.Actual)}; stderr {Cut(first.Stderr)}{(response.CompileLog.Length > 0 ? $"; compiler {Cut(response.CompileLog)}" : "")}"
        : response.Message;

    private static string Cut(string text) => text.Length <= 300 ? $"'{text}'" : $"'{text[..300]}…'";

    private static IEnumerable<string> Forbidden(VerifyCase one, ExecuteResponse response, string logged)
    {
        foreach (var text in one.Forbid)
        {
            var where = logged.Contains(text, StringComparison.Ordinal) ? "the log"
                : response.Message.Contains(text, StringComparison.Ordinal) ? "the message"
                : response.CompileLog.Contains(text, StringComparison.Ordinal) ? "the compiler's log"
                : response.Results.FirstOrDefault(result => (result.Actual + "\n" + result.Stderr).Contains(text, StringComparison.Ordinal)) is { } found
                    ? $"the output of test {found.Index + 1}" : null;
            if (where is not null)
            {
                yield return $"expected '{text}' nowhere, came in {where}";
            }
        }
    }
}
