using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace O1Coder.Coordinator;

/// <summary>Settings of the cluster.</summary>
internal sealed record ClusterOptions
{
    /// <summary>The environment variable that says how coordinators stand to each other: none, alone (default) or redis.</summary>
    public const string ModeVariable = "O1CODER_CLUSTER";

    /// <summary>The environment variable that names the cluster; those of one name and one Redis are one.</summary>
    public const string NameVariable = "O1CODER_CLUSTER_NAME";

    /// <summary>The environment variable with the address that other coordinators reach this one at.</summary>
    public const string AddressVariable = "O1CODER_SILO_ADDRESS";

    /// <summary>The environment variable with the port of the silo; 0 takes a free one.</summary>
    public const string SiloPortVariable = "O1CODER_SILO_PORT";

    /// <summary>The environment variable with the port of the gateway; 0 takes a free one.</summary>
    public const string GatewayPortVariable = "O1CODER_GATEWAY_PORT";

    /// <summary>How coordinators stand to each other.</summary>
    public ClusterMode Mode { get; init; } = ClusterMode.Alone;

    /// <summary>The cluster's name.</summary>
    public string Name { get; init; } = "o1coder";

    /// <summary>The Redis that members meet in, a connection string.</summary>
    public string Redis { get; init; } = "";

    /// <summary>Where others reach this one.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The silo's port.</summary>
    public int SiloPort { get; init; }

    /// <summary>The gateway's port.</summary>
    public int GatewayPort { get; init; }

    /// <summary>Reads the settings.</summary>
    /// <exception cref="InvalidOperationException">A setting is out of range; the message names it.</exception>
    public static ClusterOptions From(IConfiguration configuration)
    {
        var mode = configuration[ModeVariable] switch
        {
            null or "" or "alone" => ClusterMode.Alone,
            "none" => ClusterMode.None,
            "redis" => ClusterMode.Redis,
            var other => throw new InvalidOperationException($"{ModeVariable} is '{other}': expected none, alone or redis"),
        };
        var redis = configuration.GetConnectionString("redis") ?? "";
        if (mode == ClusterMode.Redis && redis.Length == 0)
        {
            throw new InvalidOperationException($"ConnectionStrings__redis is '': expected Redis's address, as {ModeVariable} is redis");
        }

        var address = configuration[AddressVariable] is { Length: > 0 } text
            ? IPAddress.TryParse(text, out var parsed)
                ? parsed
                : throw new InvalidOperationException($"{AddressVariable} is '{text}': expected an IP address")
            : IPAddress.Loopback;
        // Both are held until both are known, so that two free ones differ.
        using var silo = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var gateway = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        return new ClusterOptions
        {
            Mode = mode,
            Name = configuration[NameVariable] is { Length: > 0 } name ? name : "o1coder",
            Redis = redis,
            Address = address,
            SiloPort = PortOf(configuration, SiloPortVariable, silo),
            GatewayPort = PortOf(configuration, GatewayPortVariable, gateway),
        };
    }

    private static int PortOf(IConfiguration configuration, string variable, Socket free)
    {
        var text = configuration[variable] is { Length: > 0 } given ? given : "0";
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > ushort.MaxValue)
        {
            throw new InvalidOperationException($"{variable} is '{text}': expected a port from 0 to 65535 (0: a free one)");
        }

        if (port != 0)
        {
            return port;
        }

        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)free.LocalEndPoint!).Port;
    }
}
