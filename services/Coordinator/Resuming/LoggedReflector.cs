using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>Gives the reflections that a log holds and asks for the others.</summary>
internal sealed class LoggedReflector(LoggedAnswers answers, IReflector inner) : IReflector
{
    /// <inheritdoc/>
    public Task<Reflection> ReflectAsync(ReflectionRequest request, CancellationToken cancellationToken) =>
        answers.Reflection(request.Seed) is { } reflection ? Task.FromResult(reflection) : inner.ReflectAsync(request, cancellationToken);
}
