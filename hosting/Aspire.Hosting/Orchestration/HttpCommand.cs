using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Orchestration;

/// <summary>A command that sends an HTTP request to a replica.</summary>
internal sealed class HttpCommand(IResourceWithEndpoints resource, string path, string? endpointName, HttpCommandOptions options)
{
    public async Task<ExecuteCommandResult> ExecuteAsync(ExecuteCommandContext context)
    {
        var endpoint = options.EndpointSelector?.Invoke() ?? Endpoint();
        var replica = Math.Max(0, context.ServiceProvider.GetRequiredService<DistributedApplicationModel>()
            .ReplicaIds(resource).ToList().IndexOf(context.ResourceName));
        var url = new Uri(new Uri(endpoint.Allocation(replica).UriString), path);
        try
        {
            using var request = new HttpRequestMessage(options.Method ?? HttpMethod.Post, url);
            if (options.PrepareRequest is { } prepare)
            {
                await prepare(new HttpCommandRequestContext(context, endpoint, request));
            }

            using var response = await SendAsync(context, endpoint, request);
            return options.GetCommandResult is { } judge
                ? await judge(new HttpCommandResultContext(context, endpoint, response))
                : response.IsSuccessStatusCode
                    ? CommandResults.Success()
                    : CommandResults.Failure($"{url} answered {(int)response.StatusCode}");
        }
        catch (HttpRequestException exception)
        {
            return CommandResults.Failure($"{url} does not answer: {exception.Message}");
        }
    }

    // What PrepareRequest set stays for a second try, so the request is copied rather than made again.
    private async Task<HttpResponseMessage> SendAsync(ExecuteCommandContext context, EndpointReference endpoint, HttpRequestMessage request)
    {
        if (options.HttpClientName is { } name)
        {
            using var client = context.ServiceProvider.GetRequiredService<IHttpClientFactory>().CreateClient(name);
            return await client.SendAsync(request, context.CancellationToken);
        }

        var body = request.Content is null ? null : await request.Content.ReadAsByteArrayAsync(context.CancellationToken);
        return await LocalHttp.SendAsync(endpoint, () => Copy(request, body), context.CancellationToken);
    }

    private static HttpRequestMessage Copy(HttpRequestMessage request, byte[]? body)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri);
        foreach (var header in request.Headers)
        {
            copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        if (body is not null)
        {
            copy.Content = new ByteArrayContent(body);
            foreach (var header in request.Content!.Headers)
            {
                copy.Content.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }
        }

        return copy;
    }

    private EndpointReference Endpoint() => endpointName is not null
        ? resource.GetEndpoint(endpointName)
        : resource.GetEndpoints().FirstOrDefault(endpoint => endpoint.EndpointName == "https")
            ?? resource.GetEndpoints().FirstOrDefault(endpoint => endpoint.EndpointName == "http")
            ?? throw new DistributedApplicationException($"Resource '{resource.Name}' has no endpoint named https or http.");
}
