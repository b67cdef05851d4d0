using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Publishing;

/// <summary>What is to be published, by the AppHost's command line: <c>--publisher NAME --output-path PATH</c>.</summary>
public class PublishingOptions
{
    /// <summary>The publisher's name; null for running the application.</summary>
    public string? Publisher { get; set; }

    /// <summary>Where it writes.</summary>
    public string? OutputPath { get; set; }

    /// <summary>Reads the command line alone: a variable PUBLISHER that is there for another program is no publisher.</summary>
    internal static PublishingOptions Read(string[]? args)
    {
        var line = new ConfigurationBuilder().AddCommandLine(args ?? []).Build();
        return new PublishingOptions
        {
            Publisher = line["publisher"] ?? line["Publishing:Publisher"],
            OutputPath = line["output-path"] ?? line["Publishing:OutputPath"],
        };
    }
}
