using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A generated value, made for passwords.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    // Without the letters and digits that are easily mistaken for one another.
    private const string LowerCharacters = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperCharacters = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string NumericCharacters = "0123456789";
    private const string SpecialCharacters = "-_.{}~()*+!";

    /// <summary>The least length, in characters.</summary>
    public int MinLength { get; set; } = 22;

    /// <summary>Whether lower-case letters may occur.</summary>
    public bool Lower { get; set; } = true;

    /// <summary>Whether upper-case letters may occur.</summary>
    public bool Upper { get; set; } = true;

    /// <summary>Whether digits may occur.</summary>
    public bool Numeric { get; set; } = true;

    /// <summary>Whether special characters may occur.</summary>
    public bool Special { get; set; } = true;

    /// <summary>The least number of lower-case letters.</summary>
    public int MinLower { get; set; }

    /// <summary>The least number of upper-case letters.</summary>
    public int MinUpper { get; set; }

    /// <summary>The least number of digits.</summary>
    public int MinNumeric { get; set; }

    /// <summary>The least number of special characters.</summary>
    public int MinSpecial { get; set; }

    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">No kind of character is allowed.</exception>
    public override string GetDefaultValue()
    {
        (bool Allowed, string Characters, int Least)[] kinds =
        [
            (Lower, LowerCharacters, MinLower), (Upper, UpperCharacters, MinUpper),
            (Numeric, NumericCharacters, MinNumeric), (Special, SpecialCharacters, MinSpecial),
        ];
        var allowed = string.Concat(kinds.Where(kind => kind.Allowed).Select(kind => kind.Characters));
        if (allowed.Length == 0)
        {
            throw new InvalidOperationException("A generated value needs at least one kind of character.");
        }

        var required = string.Concat(kinds.Select(kind => RandomNumberGenerator.GetString(kind.Characters, kind.Least)));
        var rest = Math.Max(0, MinLength - required.Length);
        var value = (required + RandomNumberGenerator.GetString(allowed, rest)).ToCharArray();
        RandomNumberGenerator.Shuffle<char>(value);
        return new string(value);
    }
}
