using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Says that a resource is a process, and how it is started.</summary>
/// <param name="CreateCommandAsync">Gives the program; called with the application's services before each start.</param>
internal sealed record ProcessAnnotation(Func<IServiceProvider, CancellationToken, Task<ProcessCommand>> CreateCommandAsync)
    : IResourceAnnotation;
