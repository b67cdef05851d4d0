namespace O1Coder.Models;

/// <summary>The tests that templates use after <c>is</c>.</summary>
internal static class TemplateChecks
{
    private static readonly Dictionary<string, Func<object?, TemplateArguments, bool>> s_known = new(StringComparer.Ordinal)
    {
        ["defined"] = (value, _) => value is not Undefined,
        ["undefined"] = (value, _) => value is Undefined,
        ["none"] = (value, _) => value is null,
        ["string"] = (value, _) => value is string,
        ["boolean"] = (value, _) => value is bool,
        ["true"] = (value, _) => value is true,
        ["false"] = (value, _) => value is false,
        ["integer"] = (value, _) => value is long,
        ["float"] = (value, _) => value is double,
        ["number"] = (value, _) => value is long or double or bool,
        ["mapping"] = (value, _) => value is TemplateMap,
        ["sequence"] = (value, _) => value is string or List<object?> or TemplateMap or Undefined,
        ["iterable"] = (value, _) => value is string or List<object?> or TemplateMap or Undefined,
        ["callable"] = (value, _) => value is Func<TemplateArguments, TemplateRun, object?>,
        ["even"] = (value, _) => TemplateValues.Calculate("%", value, 2L) is 0L,
        ["odd"] = (value, _) => TemplateValues.Calculate("%", value, 2L) is 1L,
        ["divisibleby"] = (value, arguments) => TemplateValues.Calculate("%", value, arguments.Get(0, "num", null)) is 0L,
        ["in"] = (value, arguments) => TemplateValues.Contains(arguments.Get(0, "seq", Undefined.Value), value),
        ["eq"] = (value, arguments) => TemplateValues.AreEqual(value, arguments.Get(0, "other", Undefined.Value)),
        ["equalto"] = (value, arguments) => TemplateValues.AreEqual(value, arguments.Get(0, "other", Undefined.Value)),
        ["ne"] = (value, arguments) => !TemplateValues.AreEqual(value, arguments.Get(0, "other", Undefined.Value)),
    };

    /// <summary>The test of a name, or null.</summary>
    public static Func<object?, TemplateArguments, bool>? Find(string name) => s_known.GetValueOrDefault(name);
}
