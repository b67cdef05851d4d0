using System.Security.Cryptography;

namespace O1Coder.Hosting.Dashboard.Frontend;

/// <summary>Section <c>Dashboard:Frontend</c> of the configuration, <c>DASHBOARD__FRONTEND__…</c> in the environment.</summary>
internal sealed class FrontendOptions
{
    /// <summary>Where in the configuration these options stand.</summary>
    public const string Section = "Dashboard:Frontend";

    private static readonly string s_generatedToken = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Who may open the pages.</summary>
    public FrontendAuthMode AuthMode { get; set; } = FrontendAuthMode.BrowserToken;

    /// <summary>What <c>/login?t=</c> takes; 128 random bits in hexadecimal, valid for this process, where none is given.</summary>
    public string BrowserToken { get; set; } = s_generatedToken;
}
