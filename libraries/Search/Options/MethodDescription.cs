namespace O1Coder.Search;

/// <summary>What a method is, for people and for the registry.</summary>
public sealed record MethodDescription
{
    /// <summary>Its name, in lower case with hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in a line.</summary>
    public required string Summary { get; init; }

    /// <summary>The paper, with the equations that it follows.</summary>
    public required string Paper { get; init; }

    /// <summary>
    /// What the model has to be able to do for the method to pay, in a line; empty for nothing beyond writing programs.
    /// The untrained embedded model neither repairs nor reasons well.
    /// </summary>
    public string Needs { get; init; } = "";

    /// <summary>Its own settings.</summary>
    public IReadOnlyList<MethodSetting> Settings { get; init; } = [];

    /// <summary>Which names a setting may have, for messages.</summary>
    public string ExpectedSettings => Settings.Count == 0
        ? $"none, as method {Name} has no settings of its own"
        : $"a setting of method {Name}: {string.Join(", ", Settings.Select(setting => setting.Name))}";

    /// <summary>The setting of a name; null when there is none.</summary>
    public MethodSetting? Find(string name) => Settings.FirstOrDefault(setting => setting.Name == name);

    /// <summary>The general options as the paper has them.</summary>
    public SearchOptions Defaults { get; init; } = new();
}
