namespace Aspire.Hosting.ApplicationModel;

/// <summary>A callback that sets a resource's command-line arguments before each start.</summary>
/// <param name="callback">The callback.</param>
public class CommandLineArgsCallbackAnnotation(Func<CommandLineArgsCallbackContext, Task> callback) : IResourceAnnotation
{
    /// <summary>The callback.</summary>
    public Func<CommandLineArgsCallbackContext, Task> Callback { get; } = callback;
}
