using O1Coder.Learning.Native;
using O1Coder.Learning.Verification;

namespace O1Coder.Trainer;

/// <summary>
/// <c>Trainer verify FOLDER</c>: runs all reference numbers under a folder and prints a line a group of cases, then
/// <c>N passed, N failed</c>.
/// </summary>
internal static class VerifyCommand
{
    private const int Failed = 1;
    private const int BadInput = 2;
    private const int Interrupted = 130;

    /// <summary>Runs the command.</summary>
    /// <returns>0 when all passed, 1 when one failed, 2 for bad input, 130 after Ctrl+C.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        try
        {
            if (arguments is not [var folder])
            {
                return Refuse($"verify has {arguments.Count} arguments: expected one, a FOLDER");
            }

            var sources = FolderVerification.Find(folder);
            if (sources.Count == 0)
            {
                return Refuse($"FOLDER is '{folder}': expected losses.json, or folders with config.json and expected.json, anywhere under it");
            }

            var threads = Environment.GetEnvironmentVariable("O1CODER_THREADS") is { Length: > 0 } text
                ? int.TryParse(text, out var number) && number is >= 0 and <= 1024
                    ? number
                    : throw new FormatException($"O1CODER_THREADS is '{text}': expected 0 to 1024")
                : 0;
            var (passed, failed) = (0, 0);
            foreach (var source in sources)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var results = source.Run(threads > 0 ? threads : Environment.ProcessorCount, cancellationToken);
                Print(Path.GetRelativePath(folder, source.Path), results);
                passed += results.Count(result => result.Passed);
                failed += results.Count(result => !result.Passed);
            }

            output.WriteLine($"{passed} passed, {failed} failed");
            return failed == 0 ? 0 : Failed;
        }
        catch (OperationCanceledException)
        {
            errors.WriteLine("interrupted");
            return Interrupted;
        }
        catch (Exception exception) when (exception is DirectoryNotFoundException or FormatException or NativeTorchException)
        {
            return Refuse(exception.Message);
        }

        int Refuse(string message)
        {
            errors.WriteLine($"error: {message.ReplaceLineEndings(" ")}");
            return BadInput;
        }

        void Print(string source, IReadOnlyList<CaseResult> results)
        {
            foreach (var group in results.GroupBy(result => result.Group))
            {
                var bad = group.Count(result => !result.Passed);
                output.WriteLine($"{source}  {group.Key}: {group.Count() - bad} passed{(bad > 0 ? $", {bad} failed" : "")}");
                foreach (var result in group.Where(result => !result.Passed))
                {
                    output.WriteLine($"    {result.Name}: {result.Failure}");
                }
            }
        }
    }
}
