using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>The container that a resource is where the application is deployed, which here runs as a process.</summary>
/// <param name="Image">The image, with its tag.</param>
/// <param name="Entrypoint">The program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Its variables: text, or values that are known later.</param>
/// <param name="Probe">A command that ends with 0 when it is well.</param>
/// <param name="Port">The port that it listens on.</param>
internal sealed record PublishedContainer(string Image, string Entrypoint, IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, object> Environment, IReadOnlyList<string> Probe, int Port) : IResourceAnnotation;
