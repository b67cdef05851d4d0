using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace O1Coder.ServiceDefaults;

/// <summary>Where every service listens beside its own port.</summary>
public sealed class EndpointOptions
{
    /// <summary>The port for HTTP/1.1 health requests; null for none.</summary>
    [ConfigurationKeyName(ServiceDefaultsExtensions.HealthPortVariable)]
    [Range(1, 65535)]
    public int? HealthPort { get; set; }
}
