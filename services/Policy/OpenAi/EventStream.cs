namespace O1Coder.Policy.OpenAi;

/// <summary>Server-sent events: a line <c>data: …</c> and an empty one each, sent at once.</summary>
internal static class EventStream
{
    /// <summary>The type of the answer.</summary>
    public const string ContentType = "text/event-stream";

    /// <summary>The event that says that nothing more comes.</summary>
    public static ReadOnlyMemory<byte> Done { get; } = "[DONE]"u8.ToArray();

    /// <summary>Sends one event.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="data">Its data, in one line.</param>
    /// <param name="cancellationToken">Ends the wait for a client that does not read.</param>
    public static async Task SendAsync(HttpResponse response, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (!response.HasStarted)
        {
            response.ContentType = ContentType;
            response.Headers.CacheControl = "no-cache";
        }

        await response.Body.WriteAsync("data: "u8.ToArray(), cancellationToken);
        await response.Body.WriteAsync(data, cancellationToken);
        await response.Body.WriteAsync("\n\n"u8.ToArray(), cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
