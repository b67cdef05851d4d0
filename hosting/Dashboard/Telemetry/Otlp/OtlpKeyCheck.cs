using System.Security.Cryptography;
using System.Text;

namespace O1Coder.Hosting.Dashboard.Telemetry.Otlp;

/// <summary>Compares keys in a time that says nothing of where they differ, nor of their length.</summary>
internal sealed class OtlpKeyCheck
{
    private readonly byte[][] _keys;

    /// <summary>Takes the keys that are set.</summary>
    public OtlpKeyCheck(OtlpOptions options)
    {
        IsOpen = options.AuthMode == OtlpAuthMode.Unsecured;
        _keys = [.. new[] { options.PrimaryApiKey, options.SecondaryApiKey }.OfType<string>().Where(key => key.Trim().Length > 0).Select(Hash)];
    }

    /// <summary>True when no key is asked for.</summary>
    public bool IsOpen { get; }

    /// <summary>Whether it is one of the keys.</summary>
    public bool IsKey(string? key)
    {
        var given = Hash(key ?? "");
        var found = false;
        foreach (var expected in _keys)
        {
            found |= CryptographicOperations.FixedTimeEquals(expected, given);
        }

        return found;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
