namespace O1Coder.Search;

/// <summary>Puts into words what is wrong with a node; in this system a language model behind the Policy service.</summary>
public interface IReflector
{
    /// <summary>Reflects on one node. Several calls may be under way at once.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<Reflection> ReflectAsync(ReflectionRequest request, CancellationToken cancellationToken);
}
