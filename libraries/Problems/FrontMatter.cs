using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace O1Coder.Problems;

/// <summary>The front matter of a problem: YAML between two lines "---", plain keys with plain values.</summary>
internal sealed class FrontMatter
{
    private static readonly string[] s_keys = ["id", "title", "difficulty", "mode", "signature"];

    private readonly Dictionary<string, (string Value, int Line)> _values = new(StringComparer.Ordinal);

    private FrontMatter(int lineCount)
    {
        LineCount = lineCount;
    }

    /// <summary>The lines it takes, both "---" included; 0 when the file has none.</summary>
    public int LineCount { get; }

    /// <summary>Reads the front matter at the start of a text.</summary>
    public static FrontMatter Read(SourceText source)
    {
        var lines = source.Text.Split('\n');
        if (lines[0].TrimEnd() != "---")
        {
            return new FrontMatter(0);
        }

        var end = Array.FindIndex(lines, 1, line => line.TrimEnd() == "---");
        if (end < 0)
        {
            throw source.Fault(1, "front matter", "the front matter is never closed; expected a second line \"---\"");
        }

        var result = new FrontMatter(end + 1);
        try
        {
            result.ReadYaml(source, string.Join('\n', lines[1..end]));
        }
        catch (YamlException e)
        {
            throw source.Fault((int)e.Start.Line + 1, "front matter", $"the front matter is not valid YAML: {FirstLine(e.Message)}", e);
        }

        return result;
    }

    /// <summary>The value of a key with its line in the file, or null.</summary>
    public (string Value, int Line)? Find(string key) => _values.TryGetValue(key, out var value) ? value : null;

    // Events, not the object model: the object model recurses, and a file of nested brackets would overflow the stack.
    private void ReadYaml(SourceText source, string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
        {
            return;
        }

        parser.Consume<DocumentStart>();
        if (!parser.TryConsume<MappingStart>(out _))
        {
            throw source.Fault(LineOf(parser.Current), "front matter", "the front matter has no keys; expected lines such as \"title: …\"");
        }

        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var line = LineOf(parser.Current);
            if (!parser.TryConsume<Scalar>(out var key) || !s_keys.Contains(key.Value))
            {
                var what = key is null ? "a key that is no plain text" : $"unknown key \"{PythonAssertions.Shorten(key.Value)}\"";
                throw source.Fault(line, key?.Value ?? "front matter", $"{what}; expected {string.Join(", ", s_keys[..^1])} or {s_keys[^1]}");
            }

            if (!parser.TryConsume<Scalar>(out var value))
            {
                throw source.Fault(line, key.Value, $"\"{key.Value}\" is no plain text; expected one line");
            }

            var text = value.Value.Trim();
            if (text.Length == 0 || text.Any(char.IsControl))
            {
                var found = text.Length == 0 ? "empty" : "more than one line or holds a control character";
                throw source.Fault(line, key.Value, $"\"{key.Value}\" is {found}; expected one line");
            }

            if (!_values.TryAdd(key.Value, (text, line)))
            {
                throw source.Fault(line, key.Value, $"\"{key.Value}\" stands twice");
            }
        }

        parser.Consume<DocumentEnd>();
        if (!parser.Accept<StreamEnd>(out _))
        {
            throw source.Fault(LineOf(parser.Current), "front matter", "the front matter holds a second YAML document");
        }
    }

    // The YAML starts on the file's second line; its own lines count from 1.
    private static int LineOf(ParsingEvent? at) => (int)(at?.Start.Line ?? 0) + 1;

    private static string FirstLine(string text) => text.Split('\n')[0].Trim();
}
