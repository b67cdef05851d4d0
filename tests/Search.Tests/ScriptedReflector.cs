namespace O1Coder.Search.Tests;

/// <summary>Says how many times it has been asked, and notes what.</summary>
internal sealed class ScriptedReflector : IReflector
{
    public List<ReflectionRequest> Asked { get; } = [];

    public Task<Reflection> ReflectAsync(ReflectionRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Asked.Add(request);
        return Task.FromResult(new Reflection($"said {Asked.Count}", 7));
    }
}
