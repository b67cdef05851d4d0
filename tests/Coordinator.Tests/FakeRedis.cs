using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace O1Coder.Coordinator.Tests;

/// <summary>How a <see cref="FakeRedis"/> behaves.</summary>
public enum RedisMood
{
    /// <summary>Keeps and returns values.</summary>
    Working,

    /// <summary>Returns bytes that nobody stored.</summary>
    Garbage,

    /// <summary>Takes connections and never answers.</summary>
    Hanging,

    /// <summary>Works until the connection is made, then never answers a value's command.</summary>
    HangingLater,

    /// <summary>Closes the connection at the first value's command.</summary>
    Dying,
}

/// <summary>As much of a Redis server as the client library needs, with moods.</summary>
internal sealed class FakeRedis : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, byte[]> _values = new();
    private readonly RedisMood _mood;
    private readonly Task _serving;
    private int _valueCommands;

    public FakeRedis(RedisMood mood)
    {
        _mood = mood;
        _listener.Start();
        _serving = AcceptAsync();
    }

    public string ConnectionString => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port},password=secret";

    public int Values => _values.Count;

    /// <summary>Commands that asked for or brought a value of ours.</summary>
    public int ValueCommands => _valueCommands;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var owned = client;
        await using var stream = client.GetStream();
        var reader = new BufferedStream(stream);
        while (await ReadCommandAsync(reader) is { } command)
        {
            var reply = Reply(command);
            if (reply is null)
            {
                return;
            }

            await stream.WriteAsync(reply, _stop.Token);
        }
    }

    // Null closes the connection.
    private byte[]? Reply(List<byte[]> command)
    {
        var name = Encoding.ASCII.GetString(command[0]).ToUpperInvariant();
        var key = command.Count > 1 ? Encoding.UTF8.GetString(command[1]) : "";
        var ours = key.StartsWith("o1coder:", StringComparison.Ordinal) && name is ("GET" or "SET" or "SETEX" or "PSETEX");
        if (ours)
        {
            Interlocked.Increment(ref _valueCommands);
        }

        if (_mood == RedisMood.Hanging || (_mood == RedisMood.HangingLater && ours))
        {
            return [];
        }

        if (_mood == RedisMood.Dying && ours)
        {
            return null;
        }

        switch (name)
        {
            case "HELLO":
                return "-ERR unknown command 'HELLO'\r\n"u8.ToArray();
            case "PING":
                return "+PONG\r\n"u8.ToArray();
            case "ECHO":
                return Bulk(command[1]);
            case "INFO":
                return Bulk("redis_version:7.0.0\r\nredis_mode:standalone\r\nrole:master\r\n"u8.ToArray());
            case "CONFIG" or "CLUSTER" or "SENTINEL":
                return "*0\r\n"u8.ToArray();
            case "GET":
                return ours && _mood == RedisMood.Garbage ? Bulk("O1C\u0001 this is not what was stored"u8.ToArray())
                    : _values.TryGetValue(key, out var value) ? Bulk(value) : "$-1\r\n"u8.ToArray();
            case "SETEX" or "PSETEX":
                _values[key] = command[3];
                return "+OK\r\n"u8.ToArray();
            case "SET":
                _values[key] = command[2];
                return "+OK\r\n"u8.ToArray();
            case "SUBSCRIBE":
                return [.. "*3\r\n"u8, .. Bulk("subscribe"u8.ToArray()), .. Bulk(command[1]), .. ":1\r\n"u8];
            default:
                return "+OK\r\n"u8.ToArray();
        }
    }

    private static byte[] Bulk(byte[] value) =>
        [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"${value.Length}\r\n")), .. value, .. "\r\n"u8];

    private async Task<List<byte[]>?> ReadCommandAsync(Stream stream)
    {
        if (await ReadNumberAsync(stream) is not { } parts)
        {
            return null;
        }

        var command = new List<byte[]>();
        for (var i = 0; i < parts; i++)
        {
            if (await ReadNumberAsync(stream) is not { } length)
            {
                return null;
            }

            var value = new byte[length + 2];
            await stream.ReadExactlyAsync(value, _stop.Token);
            command.Add(value[..^2]);
        }

        return command;
    }

    // "*3\r\n" or "$5\r\n": the number.
    private async Task<int?> ReadNumberAsync(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) == 1)
        {
            if (one[0] == '\n')
            {
                return int.Parse(line.ToString(1, line.Length - 2), CultureInfo.InvariantCulture);
            }

            line.Append((char)one[0]);
        }

        return null;
    }
}
