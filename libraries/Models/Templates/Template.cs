namespace O1Coder.Models;

/// <summary>
/// A chat template in Jinja, as far as chat templates use it: set, if, for, macro, namespace, filters, tests, methods of texts and
/// mappings. What is not known is refused when the template is read, or where that cannot be seen, when it is rendered; work is
/// bounded (<see cref="TemplateRun"/>).
/// </summary>
internal sealed class Template
{
    private readonly string _name;
    private readonly Func<TemplateScope, TemplateFlow> _body;

    private Template(string name, string source, Func<TemplateScope, TemplateFlow> body) => (_name, Source, _body) = (name, source, body);

    /// <summary>The template's text.</summary>
    public string Source { get; }

    /// <summary>Reads a template.</summary>
    /// <param name="name">The file and field that it stands in, for messages.</param>
    /// <param name="source">Its text.</param>
    /// <exception cref="ModelFormatException">It is not valid, or has what is not known.</exception>
    public static Template Read(string name, string source)
    {
        try
        {
            return new Template(name, source, TemplateParser.Parse(source));
        }
        catch (TemplateException exception)
        {
            throw new ModelFormatException($"{name} is not understood: {exception.Message}", exception);
        }
    }

    /// <summary>Renders it.</summary>
    /// <param name="values">The names that it may use.</param>
    /// <exception cref="ArgumentException">The template itself says that it cannot render these values; the message is its own.</exception>
    /// <exception cref="ModelFormatException">It does what is not known or not possible, or too much of it.</exception>
    public string Render(IEnumerable<KeyValuePair<string, object?>> values)
    {
        var run = new TemplateRun();
        var root = new TemplateScope(run, null);
        root.Set("raise_exception", Function((arguments, _) => throw new ArgumentException(
            $"the model's chat template says: {TemplateValues.Text(arguments.Get(0, "message", ""))}")));
        root.Set("namespace", Function((arguments, _) => Map(arguments, isNamespace: true)));
        root.Set("dict", Function((arguments, _) => Map(arguments, isNamespace: false)));
        root.Set("range", Function(Range));
        foreach (var (name, value) in values)
        {
            root.Set(name, value);
        }

        try
        {
            _body(root);
            return run.Output.ToString();
        }
        catch (TemplateException exception)
        {
            throw new ModelFormatException($"{_name} cannot be rendered: {exception.Message}", exception);
        }
    }

    private static Func<TemplateArguments, TemplateRun, object?> Function(Func<TemplateArguments, TemplateRun, object?> function) => function;

    private static TemplateMap Map(TemplateArguments arguments, bool isNamespace)
    {
        var map = new TemplateMap { IsNamespace = isNamespace };
        foreach (var (name, value) in arguments.Named)
        {
            map[name] = value;
        }

        return arguments.Positional.Count == 0 ? map : throw new TemplateException("a mapping of what has no names");
    }

    private static List<object?> Range(TemplateArguments arguments, TemplateRun run)
    {
        var numbers = arguments.Positional.Select(value => value as long? ?? throw new TemplateException("a range's bound is no whole number")).ToList();
        var (start, end, step) = numbers switch
        {
            [var only] => (0L, only, 1L),
            [var first, var last] => (first, last, 1L),
            [var first, var last, var by and not 0] => (first, last, by),
            _ => throw new TemplateException("a range has one to three numbers, the third not 0"),
        };
        var items = new List<object?>();
        for (var i = (Int128)start; step > 0 ? i < end : i > end; i += step)
        {
            run.Step();
            items.Add((long)i);
        }

        return items;
    }
}
