namespace Aspire.Hosting.ApplicationModel;

/// <summary>Gives a parameter's value where configuration has none.</summary>
public abstract class ParameterDefault
{
    /// <summary>The value.</summary>
    public abstract string GetDefaultValue();
}
