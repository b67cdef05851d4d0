namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a callback needs to change a command's HTTP request.</summary>
public sealed class HttpCommandRequestContext
{
    internal HttpCommandRequestContext(ExecuteCommandContext command, EndpointReference endpoint, HttpRequestMessage request)
    {
        ServiceProvider = command.ServiceProvider;
        ResourceName = command.ResourceName;
        CancellationToken = command.CancellationToken;
        Endpoint = endpoint;
        Request = request;
    }

    /// <summary>The application's services.</summary>
    public IServiceProvider ServiceProvider { get; }

    /// <summary>The id of the replica.</summary>
    public string ResourceName { get; }

    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; }

    /// <summary>Ends it.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The request.</summary>
    public HttpRequestMessage Request { get; }
}
