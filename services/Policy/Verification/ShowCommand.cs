using O1Coder.Inference.Verification;
using O1Coder.Models;

namespace O1Coder.Policy;

/// <summary><c>Policy show MODEL</c>: says what a model is and how it would be held.</summary>
internal static class ShowCommand
{
    private const int BadInput = 2;
    private const int Interrupted = 130;

    /// <summary>Runs the command.</summary>
    /// <returns>0, 2 for bad input, 130 after Ctrl+C.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        try
        {
            if (arguments is not [var folder])
            {
                return Refuse($"show has {arguments.Count} arguments: expected one, a MODEL");
            }

            foreach (var line in ModelReport.Describe(folder, cancellationToken))
            {
                output.WriteLine(line);
            }

            return 0;
        }
        catch (OperationCanceledException)
        {
            errors.WriteLine("interrupted");
            return Interrupted;
        }
        catch (Exception exception) when (exception is ModelFormatException or IOException or UnauthorizedAccessException)
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
