using System.Net;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>HTTP requests of the AppHost to its resources.</summary>
internal static class LocalHttp
{
    private static readonly HttpClient s_client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>
    /// Sends a request: HTTP/1.1, and where a resource's endpoints are HTTP/2 only without TLS and refuse that, HTTP/2 from the
    /// first byte.
    /// </summary>
    /// <param name="endpoint">Whose endpoint it is for.</param>
    /// <param name="make">Makes the request, once for each try.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    public static async Task<HttpResponseMessage> SendAsync(EndpointReference endpoint, Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        var may2 = endpoint.Scheme == "http" && endpoint.Resource.Annotations.OfType<Http2ServiceAnnotation>().Any();
        using var request = make();
        HttpResponseMessage? answer = null;
        try
        {
            answer = await s_client.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception) when (may2 && exception.HttpRequestError != HttpRequestError.ConnectionError)
        {
            // What an HTTP/2 server says to HTTP/1.1 need not be HTTP/1.1: ask again below.
            answer?.Dispose();
        }

        // Kestrel's answer is a 400, others send a GOAWAY.
        if (answer is not null && !(may2 && answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UpgradeRequired or HttpStatusCode.HttpVersionNotSupported))
        {
            return answer;
        }

        answer?.Dispose();
        using var again = make();
        again.Version = HttpVersion.Version20;
        again.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        return await s_client.SendAsync(again, cancellationToken);
    }
}
