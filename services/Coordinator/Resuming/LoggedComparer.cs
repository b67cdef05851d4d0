using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>Gives the preferences that a log holds and asks for the others.</summary>
internal sealed class LoggedComparer(LoggedAnswers answers, IComparer inner) : IComparer
{
    /// <inheritdoc/>
    public Task<double> CompareAsync(string first, string second, CancellationToken cancellationToken) =>
        answers.Preference(first, second) is { } preference ? Task.FromResult(preference) : inner.CompareAsync(first, second, cancellationToken);
}
