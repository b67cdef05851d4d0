namespace Aspire.Hosting.ApplicationModel;

/// <summary>More about a command that sends an HTTP request.</summary>
public class HttpCommandOptions : CommandOptions
{
    /// <summary>Gives the endpoint; null for the one that was named.</summary>
    public Func<EndpointReference>? EndpointSelector { get; set; }

    /// <summary>The request's method; null for POST.</summary>
    public HttpMethod? Method { get; set; }

    /// <summary>The name of the client in the AppHost's services; null for one of the hosting's own.</summary>
    public string? HttpClientName { get; set; }

    /// <summary>Changes the request before it is sent.</summary>
    public Func<HttpCommandRequestContext, Task>? PrepareRequest { get; set; }

    /// <summary>Makes the command's result of the response; null for success where the status is.</summary>
    public Func<HttpCommandResultContext, Task<ExecuteCommandResult>>? GetCommandResult { get; set; }
}
