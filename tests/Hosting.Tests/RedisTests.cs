using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.Redis;

namespace O1Coder.Hosting.Tests;

/// <summary>The Redis server: redis-server where it is installed, else Garnet.</summary>
public sealed class RedisTests
{
    [Fact]
    public async Task TheServerAsksForThePasswordAndRunsLua()
    {
        await using var test = new TestApplication();
        var redis = test.Builder.AddRedis("redis").Resource;
        await test.StartAsync();
        await test.Notifications.WaitForResourceHealthyAsync("redis", TestApplication.Limit).WaitAsync(TimeSpan.FromSeconds(60), TestApplication.Limit);

        var password = redis.PasswordParameter!.Read();
        Assert.Equal($"127.0.0.1:{redis.PrimaryEndpoint.Port},password={password}", await redis.GetConnectionStringAsync(TestApplication.Limit));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", redis.PrimaryEndpoint.Port, TestApplication.Limit);
        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith("-NOAUTH", await AskAsync(client, reader, "SET", "k", "v"), StringComparison.Ordinal);
        Assert.StartsWith("-", await AskAsync(client, reader, "AUTH", "wrong"), StringComparison.Ordinal);
        Assert.Equal("+OK", await AskAsync(client, reader, "AUTH", password));
        Assert.Equal("+PONG", await AskAsync(client, reader, "PING"));
        Assert.Equal("+OK", await AskAsync(client, reader, "SET", "k", "20"));
        Assert.Equal(":42", await AskAsync(client, reader, "EVAL", "return redis.call('GET', KEYS[1]) + 22", "1", "k"));

        // The password is neither in a file nor on a command line.
        Assert.DoesNotContain(Directory.EnumerateFiles(test.Folder, "*", SearchOption.AllDirectories),
            path => File.ReadAllText(path).Contains(password, StringComparison.Ordinal));
        Assert.True(test.Notifications.TryGetCurrentState("redis", out var present));
        var pid = (int)present.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value!;
        Assert.DoesNotContain(password, await File.ReadAllTextAsync($"/proc/{pid}/cmdline", TestApplication.Limit), StringComparison.Ordinal);

        var clock = Stopwatch.StartNew();
        await test.App.StopAsync(TestApplication.Limit);
        Assert.False(TestApplication.IsAlive(pid));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task RedisServerIsConfiguredThroughStandardInput()
    {
        await using var test = new TestApplication();
        var redis = test.Builder.AddRedis("redis", password: test.Builder.AddParameter("p", "s3cret"));
        await test.EnvironmentAsync(redis.Resource);
        var command = RedisServer.RedisCommand(redis.Resource, "/usr/bin/redis-server", test.Folder);
        Assert.Equal(["-"], command.Arguments);
        var lines = command.StandardInput.Split('\n');
        Assert.Contains("bind 127.0.0.1", lines);
        Assert.Contains($"port {redis.Resource.PrimaryEndpoint.Port}", lines);
        Assert.Contains("requirepass s3cret", lines);
        Assert.Contains("maxmemory 256mb", lines);
        Assert.Contains("save \"\"", lines);
    }

    private static async Task<string?> AskAsync(TcpClient client, StreamReader reader, params string[] words)
    {
        var request = $"*{words.Length}\r\n{string.Concat(words.Select(word => $"${word.Length}\r\n{word}\r\n"))}";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestApplication.Limit);
        return await reader.ReadLineAsync(TestApplication.Limit);
    }
}
