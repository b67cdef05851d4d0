namespace O1Coder.Hosting.Dashboard.AppHost;

/// <summary>Where the AppHost tells of its resources. The variables are Aspire's.</summary>
internal sealed class AppHostOptions
{
    /// <summary>The variable that holds the address.</summary>
    public const string EndpointVariable = "DOTNET_RESOURCE_SERVICE_ENDPOINT_URL";

    /// <summary>Where in the configuration the key stands; <c>DASHBOARD__RESOURCESERVICECLIENT__APIKEY</c> in the environment.</summary>
    public const string ApiKeySetting = "Dashboard:ResourceServiceClient:ApiKey";

    /// <summary>An http or https address; null: the dashboard stands alone and shows telemetry only.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Sent with each call; null for none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Reads them.</summary>
    /// <exception cref="InvalidOperationException">The address is no absolute http or https address.</exception>
    public static AppHostOptions From(IConfiguration configuration)
    {
        var text = configuration[EndpointVariable];
        if (string.IsNullOrWhiteSpace(text))
        {
            return new AppHostOptions();
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
        {
            throw new InvalidOperationException($"{EndpointVariable} is '{text}'; expected an address such as http://127.0.0.1:22000.");
        }

        return new AppHostOptions { Endpoint = endpoint, ApiKey = configuration[ApiKeySetting] };
    }
}
