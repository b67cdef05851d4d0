using O1Coder.Inference.Verification;
using O1Coder.Models;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy;

/// <summary><c>Policy show MODEL</c>: says what a model is and how it would be held.</summary>
internal sealed class ShowCommand() : ServiceCommand("show", "MODEL")
{
    /// <inheritdoc/>
    protected override Task<int> RunAsync(IReadOnlyList<string> words, TextWriter output, CancellationToken cancellationToken)
    {
        foreach (var line in ModelReport.Describe(words[0], cancellationToken))
        {
            output.WriteLine(line);
        }

        return Task.FromResult(0);
    }

    /// <inheritdoc/>
    protected override bool IsBadInput(Exception exception) => exception is ModelFormatException or IOException or UnauthorizedAccessException;
}
