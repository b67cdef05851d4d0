using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Redis;

/// <summary>Healthy when the server takes the password and answers PING.</summary>
internal sealed class RedisHealthCheck(RedisResource redis) : IHealthCheck
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(3);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(redis.PrimaryEndpoint.Host, redis.PrimaryEndpoint.Port, limit.Token);
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var authenticated = await AskAsync(stream, reader, limit.Token, "AUTH", redis.PasswordParameter!.Read());
            var answer = authenticated == "+OK" ? await AskAsync(stream, reader, limit.Token, "PING") : authenticated;
            return answer == "+PONG" ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"the server answered '{answer}'");
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"the server does not answer: {exception.Message}");
        }
    }

    // RESP: *2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n, answered by a line.
    private static async Task<string?> AskAsync(NetworkStream stream, StreamReader reader, CancellationToken cancellationToken,
        params string[] words)
    {
        var request = new StringBuilder().Append('*').Append(words.Length).Append("\r\n");
        foreach (var word in words)
        {
            request.Append('$').Append(Encoding.UTF8.GetByteCount(word)).Append("\r\n").Append(word).Append("\r\n");
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(request.ToString()), cancellationToken);
        return await reader.ReadLineAsync(cancellationToken);
    }
}
