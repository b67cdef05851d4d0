namespace O1Coder.AppHost;

/// <summary>
/// Whether the system is started with its dashboard: when it stays up, unless <c>--no-dashboard</c>, and for a command where
/// <c>--dashboard</c> asks for it. Where things are is what the http launch profile of Aspire's template says, unless the
/// environment does. There is no such profile here: <c>dotnet run</c> writes a line about it to standard output, which is
/// the commands' own.
/// </summary>
/// <param name="IsAsked">Whether it was asked for.</param>
/// <param name="IsRefused">Whether it was refused.</param>
internal sealed record DashboardChoice(bool IsAsked, bool IsRefused)
{
    private const string Ask = "--dashboard";
    private const string Refuse = "--no-dashboard";

    private static readonly (string Variable, string Address)[] s_addresses =
    [
        ("ASPNETCORE_URLS", "http://localhost:15000"),
        ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "http://localhost:19000"),
        ("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", "http://localhost:20000"),

        // Without certificates that is all that the official packages can have.
        ("ASPIRE_ALLOW_UNSECURED_TRANSPORT", "true"),
    ];

    /// <summary>Takes the options out of the command line.</summary>
    public static DashboardChoice Read(ref string[] args)
    {
        var choice = new DashboardChoice(args.Contains(Ask), args.Contains(Refuse));
        args = [.. args.Where(argument => argument is not (Ask or Refuse))];
        return choice;
    }

    /// <summary>Whether there is to be one.</summary>
    /// <param name="keepUp">Whether the system stays up.</param>
    public bool IsWanted(bool keepUp) => !IsRefused && (keepUp || IsAsked);

    /// <summary>The command line for the application: with the addresses that the environment does not name.</summary>
    public string[] Complete(string[] args, bool keepUp) => IsWanted(keepUp)
        ? [
            .. s_addresses.Where(known => Unset(known.Variable)).Select(known => $"--{known.Variable}={known.Address}"),
            .. Unset("DOTNET_ENVIRONMENT") && Unset("ASPNETCORE_ENVIRONMENT") ? ["--environment=Development"] : Array.Empty<string>(),
            .. args,
        ]
        : args;

    private static bool Unset(string variable) => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
