using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace O1Coder.Hosting.Dashboard.Frontend;

/// <summary>Whether somebody knows the token. Only hashes are compared, in a time that does not depend on them.</summary>
internal sealed class BrowserTokenCheck(IOptions<FrontendOptions> options)
{
    private const string ClaimType = "browser-token";

    private readonly byte[] _hash = Hash(options.Value.BrowserToken);

    /// <summary>What a cookie carries so that it ends with the token that it was given for.</summary>
    public Claim Claim => new(ClaimType, Convert.ToHexStringLower(Hash(Convert.ToHexStringLower(_hash))));

    /// <summary>Whether <paramref name="token"/> is the token.</summary>
    public bool IsToken(string token) => CryptographicOperations.FixedTimeEquals(Hash(token), _hash);

    /// <summary>Whether a cookie's bearer came in with the token of now.</summary>
    public bool IsCurrent(ClaimsPrincipal? principal) =>
        principal?.FindFirst(ClaimType) is { } claim
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(claim.Value), Encoding.UTF8.GetBytes(Claim.Value));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
