namespace Aspire.Hosting.ApplicationModel;

/// <summary>A default that is given in code.</summary>
internal sealed class ConstantParameterDefault(Func<string> value) : ParameterDefault
{
    public override string GetDefaultValue() => value();
}
