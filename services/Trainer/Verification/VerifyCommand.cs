using O1Coder.Learning.Native;
using O1Coder.Learning.Verification;
using O1Coder.Models.Verification;
using O1Coder.ServiceDefaults;

namespace O1Coder.Trainer;

/// <summary>
/// <c>Trainer verify FOLDER</c>: runs all reference numbers under a folder and prints a line a group of cases, then
/// <c>N passed, N failed</c>. Ends with 0 when all passed, 1 when one failed.
/// </summary>
internal sealed class VerifyCommand() : ServiceCommand("verify", "FOLDER")
{
    /// <inheritdoc/>
    protected override Task<int> RunAsync(IReadOnlyList<string> words, TextWriter output, CancellationToken cancellationToken) =>
        Task.FromResult(VerificationRun.Run(words[0], FolderVerification.Find(words[0]), FolderVerification.Expected, output, cancellationToken));

    /// <inheritdoc/>
    protected override bool IsBadInput(Exception exception) => exception is DirectoryNotFoundException or FormatException or NativeTorchException;
}
