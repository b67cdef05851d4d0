using O1Coder.Inference.Verification;
using O1Coder.Models.Verification;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy;

/// <summary>
/// <c>Policy verify FOLDER MODEL</c>: runs all reference numbers under a folder and prints a line a group of cases, then
/// <c>N passed, N failed</c>. Ends with 0 when all passed, 1 when one failed.
/// </summary>
internal sealed class VerifyCommand() : ServiceCommand("verify", "FOLDER", "MODEL")
{
    /// <inheritdoc/>
    protected override Task<int> RunAsync(IReadOnlyList<string> words, TextWriter output, CancellationToken cancellationToken)
    {
        using var verification = new EngineVerification(words[1]);
        return Task.FromResult(VerificationRun.Run(words[0], verification.Find(words[0]), EngineVerification.Expected, output, cancellationToken));
    }

    /// <inheritdoc/>
    protected override bool IsBadInput(Exception exception) => exception is DirectoryNotFoundException or FormatException;
}
