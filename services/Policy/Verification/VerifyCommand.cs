using O1Coder.Inference.Verification;
using O1Coder.Models.Verification;

namespace O1Coder.Policy;

/// <summary>
/// <c>Policy verify FOLDER MODEL</c>: runs all reference numbers under a folder and prints a line a group of cases, then
/// <c>N passed, N failed</c>.
/// </summary>
internal static class VerifyCommand
{
    private const int BadInput = 2;
    private const int Interrupted = 130;

    /// <summary>Runs the command.</summary>
    /// <returns>0 when all passed, 1 when one failed, 2 for bad input, 130 after Ctrl+C.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        try
        {
            if (arguments is not [var folder, var model])
            {
                return Refuse($"verify has {arguments.Count} arguments: expected two, a FOLDER and a MODEL");
            }

            using var verification = new EngineVerification(model);
            var sources = verification.Find(folder);
            return sources.Count > 0
                ? VerificationRun.Run(folder, sources, output, cancellationToken)
                : Refuse($"FOLDER is '{folder}': expected tokenizer-*.json, embedded-model*.json, or folders with config.json and expected.json, anywhere under it");
        }
        catch (OperationCanceledException)
        {
            errors.WriteLine("interrupted");
            return Interrupted;
        }
        catch (Exception exception) when (exception is DirectoryNotFoundException or FormatException)
        {
            return Refuse(exception.Message);
        }

        int Refuse(string message)
        {
            errors.WriteLine($"error: {message.ReplaceLineEndings(" ")}");
            return BadInput;
        }
    }
}
