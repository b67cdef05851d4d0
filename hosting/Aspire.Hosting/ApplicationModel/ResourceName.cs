namespace Aspire.Hosting.ApplicationModel;

/// <summary>The rules for names of resources and endpoints, which become parts of host names and of variables.</summary>
internal static class ResourceName
{
    private const int MaxLength = 64;

    /// <summary>Checks a name against the rules.</summary>
    /// <param name="name">The name.</param>
    /// <param name="kind">What is named, for the error: Resource, Endpoint.</param>
    /// <exception cref="ArgumentException">It breaks one of them; the message says which.</exception>
    public static void Validate(string name, string kind)
    {
        ArgumentNullException.ThrowIfNull(name);
        var problem = name switch
        {
            { Length: 0 or > MaxLength } => $"Name must be between 1 and {MaxLength} characters long.",
            _ when !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') =>
                "Name must contain only ASCII letters, digits, and hyphens.",
            _ when !char.IsAsciiLetter(name[0]) => "Name must start with an ASCII letter.",
            _ when name.EndsWith('-') => "Name cannot end with a hyphen.",
            _ when name.Contains("--", StringComparison.Ordinal) => "Name cannot contain consecutive hyphens.",
            _ => null,
        };
        if (problem is not null)
        {
            throw new ArgumentException($"{kind} name '{name}' is invalid. {problem}", nameof(name));
        }
    }
}
