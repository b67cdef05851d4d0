namespace O1Coder.Hosting.Dashboard.Telemetry.Otlp;

/// <summary>
/// Where telemetry comes in: section <c>Dashboard:Otlp</c> of the configuration, <c>DASHBOARD__OTLP__…</c> in the environment, and
/// the two addresses, which have variables of their own.
/// </summary>
internal sealed class OtlpOptions
{
    /// <summary>Where in the configuration these options stand.</summary>
    public const string Section = "Dashboard:Otlp";

    /// <summary>The variable with the address for gRPC.</summary>
    public const string GrpcVariable = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";

    /// <summary>The variable with the address for HTTP.</summary>
    public const string HttpVariable = "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL";

    /// <summary>The largest payload that is taken, in bytes, unpacked.</summary>
    public const int MaxPayloadBytes = 4 * 1024 * 1024;

    /// <summary>Who may send.</summary>
    public OtlpAuthMode AuthMode { get; set; } = OtlpAuthMode.ApiKey;

    /// <summary>The key that senders have in the header <c>x-otlp-api-key</c>.</summary>
    public string? PrimaryApiKey { get; set; }

    /// <summary>Another key that is taken as well, for changing the first without a gap.</summary>
    public string? SecondaryApiKey { get; set; }

    /// <summary>Where gRPC is spoken; null for nowhere.</summary>
    public Uri? GrpcEndpoint { get; set; }

    /// <summary>Where HTTP is spoken; null for nowhere.</summary>
    public Uri? HttpEndpoint { get; set; }

    /// <summary>Reads them.</summary>
    /// <exception cref="InvalidOperationException">A value makes no sense; the message names it and what was expected.</exception>
    public static OtlpOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var options = new OtlpOptions
        {
            PrimaryApiKey = section[nameof(PrimaryApiKey)],
            SecondaryApiKey = section[nameof(SecondaryApiKey)],
            GrpcEndpoint = ReadAddress(configuration, GrpcVariable),
            HttpEndpoint = ReadAddress(configuration, HttpVariable),
        };
        if (section[nameof(AuthMode)] is { Length: > 0 } mode)
        {
            options.AuthMode = Enum.TryParse<OtlpAuthMode>(mode, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed)
                ? parsed
                : throw new InvalidOperationException($"{Section}:{nameof(AuthMode)} is '{mode}': expected ApiKey or Unsecured");
        }

        var listens = options.GrpcEndpoint is not null || options.HttpEndpoint is not null;
        if (listens && options.AuthMode == OtlpAuthMode.ApiKey && string.IsNullOrWhiteSpace(options.PrimaryApiKey))
        {
            throw new InvalidOperationException($"{Section}:{nameof(PrimaryApiKey)} is empty: expected the key that senders use, or {Section}:{nameof(AuthMode)} Unsecured");
        }

        if (options is { GrpcEndpoint: { } grpc, HttpEndpoint: { } http } && grpc.Port == http.Port)
        {
            throw new InvalidOperationException($"{GrpcVariable} and {HttpVariable} both have port {grpc.Port}: expected two, as a port without TLS speaks one version of HTTP");
        }

        return options;
    }

    private static Uri? ReadAddress(IConfiguration configuration, string variable)
    {
        if (configuration[variable] is not { Length: > 0 } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", Port: > 0 }
            ? address
            : throw new InvalidOperationException($"{variable} is '{text}': expected an address such as http://127.0.0.1:18889");
    }
}
