namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a callback needs to judge the answer to a command's HTTP request.</summary>
public sealed class HttpCommandResultContext
{
    internal HttpCommandResultContext(ExecuteCommandContext command, EndpointReference endpoint, HttpResponseMessage response)
    {
        ServiceProvider = command.ServiceProvider;
        ResourceName = command.ResourceName;
        CancellationToken = command.CancellationToken;
        Endpoint = endpoint;
        Response = response;
    }

    /// <summary>The application's services.</summary>
    public IServiceProvider ServiceProvider { get; }

    /// <summary>The id of the replica.</summary>
    public string ResourceName { get; }

    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; }

    /// <summary>Ends it.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The response.</summary>
    public HttpResponseMessage Response { get; }
}
