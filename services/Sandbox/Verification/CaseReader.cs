using System.Text;
using O1Coder.Sandbox.Plain;
using O1Coder.V1;

namespace O1Coder.Sandbox.Verification;

/// <summary>
/// Reads the cases under a folder: each folder that holds <c>case.json</c> and a program is one. docs/sandbox.md documents
/// the format.
/// </summary>
internal static class CaseReader
{
    private const long MostCaseBytes = 64L << 20;
    private const long MostBytes = 1L << 30;
    private const int MostCases = 100_000;
    private const string CaseFile = "case.json";
    private const string CheckerPrefix = "program:";
    private const string Fields = "language, mode, entry, tests, checker, limits, expect, forbid, files, then, within_s";

    /// <summary>Reads every case, in the order of their names.</summary>
    /// <exception cref="CaseFormatException">A case cannot be run as it stands, or there is none.</exception>
    public static IReadOnlyList<VerifyCase> ReadAll(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 32, AttributesToSkip = FileAttributes.ReparsePoint };
        var paths = Directory.EnumerateFiles(folder, CaseFile, options).Take(MostCases + 1).Order(StringComparer.Ordinal).ToList();
        if (paths.Count is 0 or > MostCases)
        {
            throw new CaseFormatException($"FOLDER is '{folder}': expected 1 to {MostCases} folders with {CaseFile} anywhere under it");
        }

        var (cases, bytes) = (new List<VerifyCase>(), 0L);
        foreach (var path in paths)
        {
            var read = Read(folder, Path.GetDirectoryName(path)!);
            cases.Add(read);
            bytes += read.Request.CalculateSize();
            if (bytes > MostBytes)
            {
                throw new CaseFormatException($"FOLDER is '{folder}': expected cases of at most {MostBytes} bytes together");
            }
        }

        foreach (var read in cases.Where(read => read.ThenName.Length > 0))
        {
            read.Then = Find(cases, read);
        }

        return cases;
    }

    private static VerifyCase Find(List<VerifyCase> cases, VerifyCase from)
    {
        var named = cases.Where(one => one.Name == from.ThenName || Path.GetFileName(one.Folder) == from.ThenName).ToList();
        return named.Find(one => Path.GetDirectoryName(one.Folder) == Path.GetDirectoryName(from.Folder)) ?? named.FirstOrDefault()
            ?? throw CaseFields.Fault(from.Name, "then", PlainValue.OfText(from.ThenName), "the name of another case under FOLDER");
    }

    /// <summary>Reads the case in a folder.</summary>
    /// <param name="root">The folder that names are relative to.</param>
    /// <param name="folder">The case's folder.</param>
    /// <exception cref="CaseFormatException">It cannot be run as it stands.</exception>
    public static VerifyCase Read(string root, string folder)
    {
        var name = Path.GetRelativePath(root, folder);
        var fields = new CaseFields(name, "", Json(name, Path.Combine(folder, CaseFile)));
        var language = fields.Text("language");
        var mode = fields.Text("mode");
        if (mode is not ("stdio" or "function" or "assert"))
        {
            throw fields.Fault("mode", mode is null ? null : PlainValue.OfText(mode), "stdio, function or assert");
        }

        var entry = fields.Text("entry") ?? "";
        if (mode == "function" && entry.Length == 0)
        {
            throw fields.Fault("entry", null, "the function's name");
        }

        var tests = fields.List("tests") ?? throw fields.Fault("tests", null, "a list");
        var request = new ExecuteRequest
        {
            Language = LanguageNames.Find(language ?? "") ?? throw fields.Fault("language", language is null ? null : PlainValue.OfText(language), LanguageNames.Understood),
            Program = Program(name, folder),
            Entry = mode == "function" ? entry : "",
            Checker = ReadChecker(name, folder, fields.Text("checker")),
            Limits = ReadLimits(name, fields.Take("limits")),
            Tests = { tests.Select((test, index) => ReadTest(name, mode, test, index)) },
        };
        ReadFiles(name, fields.Take("files"), request);
        var read = new VerifyCase(name, folder, request)
        {
            Expect = ReadExpect(name, fields),
            Forbid = [.. (fields.List("forbid") ?? []).Select((text, index) => fields.Text($"forbid[{index}]", text))],
            ThenName = fields.Text("then") ?? "",
            WithinSeconds = fields.Number("within_s") is var within && within == 0 ? null : within,
        };
        fields.End(Fields);
        return read;
    }

    private static PlainValue Json(string name, string path)
    {
        try
        {
            return JsonPlainReader.Read(Encoding.UTF8.GetString(Bytes(name, path)).TrimStart('\ufeff'));
        }
        catch (PlainFormatException exception)
        {
            throw new CaseFormatException($"{name}: {CaseFile} is {exception.Message}: expected an object");
        }
    }

    private static string Program(string name, string folder)
    {
        var found = Directory.EnumerateFiles(folder, "program.*").Order(StringComparer.Ordinal).ToList();
        return found.Count == 1
            // A byte order mark is part of the program.
            ? Encoding.UTF8.GetString(Bytes(name, found[0]))
            : throw new CaseFormatException($"{name}: there are {found.Count} files program.*: expected one");
    }

    private static byte[] Bytes(string name, string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
        {
            throw new CaseFormatException($"{name}: {file.Name} is a link: expected a plain file");
        }

        try
        {
            return file.Exists && file.Length <= MostCaseBytes
                ? File.ReadAllBytes(path)
                : throw new CaseFormatException($"{name}: {file.Name} is {(file.Exists ? $"{file.Length} bytes" : "absent")}: expected a file of at most {MostCaseBytes} bytes");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CaseFormatException($"{name}: {file.Name} cannot be read ({exception.Message.TrimEnd('.')})");
        }
    }

    private static TestCase ReadTest(string name, string mode, PlainValue test, int index)
    {
        if (mode == "assert")
        {
            return test.Kind == PlainKind.Text
                ? new TestCase { Assertion = new AssertionTest { Code = Sendable(test.Text) } }
                : throw CaseFields.Fault(name, $"tests[{index}]", test, "an assertion's text");
        }

        var fields = new CaseFields(name, $"tests[{index}].", test);
        if (mode == "stdio")
        {
            var stdio = new StdioTest { Stdin = Sendable(fields.Text("stdin") ?? ""), Stdout = Sendable(fields.Text("stdout") ?? "") };
            fields.End("stdin, stdout");
            return new TestCase { Stdio = stdio };
        }

        var arguments = fields.List("args") ?? throw fields.Fault("args", null, "a list");
        var expected = fields.Take("expected") ?? throw fields.Fault("expected", null, "a value");
        fields.End("args, expected");
        return new TestCase
        {
            Function = new FunctionTest { ArgsJson = PlainText.Json(PlainValue.Of(PlainKind.List, arguments)), ExpectedJson = PlainText.Json(expected) },
        };
    }

    // A lone surrogate is no Unicode text, and a message carries no other.
    private static string Sendable(string text) => string.Concat(text.EnumerateRunes());

    private static Checker? ReadChecker(string name, string folder, string? written)
    {
        var parts = (written ?? "tokens").Split(':', 2);
        return (parts[0], parts.Length) switch
        {
            ("tokens", 1) => null,
            ("exact", 1) => new Checker { Kind = CheckerKind.Exact },
            ("unordered", 1) => new Checker { Kind = CheckerKind.Unordered },
            ("float" or "floats", 1) => new Checker { Kind = CheckerKind.Floats },
            ("float" or "floats", 2) when FloatText.Read(parts[1]) is { Float: > 0 and <= 1 } tolerance => new Checker { Kind = CheckerKind.Floats, Tolerance = tolerance.Float },
            ("program", 2) when parts[1].Length > 0 && Path.GetFileName(parts[1]) == parts[1] => new Checker
            {
                Kind = CheckerKind.Program,
                Program = Encoding.UTF8.GetString(Bytes(name, Path.Combine(folder, parts[1]))),
                Language = LanguageNames.OfFile(parts[1]) ?? throw CaseFields.Fault(name, "checker", PlainValue.OfText(written!), "a program whose name ends as its language's do"),
            },
            _ => throw CaseFields.Fault(name, "checker", PlainValue.OfText(written!), $"exact, tokens, float:1e-6, unordered or {CheckerPrefix}FILE, a file beside the program"),
        };
    }

    private static ExecutionLimits? ReadLimits(string name, PlainValue? written)
    {
        if (written is null)
        {
            return null;
        }

        var fields = new CaseFields(name, "limits.", written);
        var limits = new ExecutionLimits
        {
            CpuSeconds = fields.Number("cpu_s"),
            WallSeconds = fields.Number("wall_s"),
            MemoryBytes = fields.Whole("memory_mb", 1 << 20),
            Processes = (int)Math.Min(int.MaxValue, fields.Whole("processes", 1)),
            OutputBytes = fields.Whole("output_kb", 1 << 10),
            FileBytes = fields.Whole("file_mb", 1 << 20),
        };
        fields.End("cpu_s, wall_s, memory_mb, processes, output_kb, file_mb");
        return limits;
    }

    private static void ReadFiles(string name, PlainValue? written, ExecuteRequest request)
    {
        if (written is not null and not { Kind: PlainKind.Map })
        {
            throw CaseFields.Fault(name, "files", written, "an object of names and texts");
        }

        foreach (var file in (written?.Items ?? []).Chunk(2))
        {
            request.Files[Sendable(file[0].Text)] = file[1].Kind == PlainKind.Text
                ? Sendable(file[1].Text)
                : throw CaseFields.Fault(name, $"files.{file[0].Text}", file[1], "a text");
        }
    }

    private static HashSet<string> ReadExpect(string name, CaseFields fields)
    {
        var written = fields.Take("expect") ?? throw fields.Fault("expect", null, "a list of verdicts");
        IReadOnlyList<PlainValue> items = written.Kind == PlainKind.List ? written.Items : [written];
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            _ = item.Kind == PlainKind.Text && Outcomes.TryFind(item.Text, out var outcome)
                ? found.Add(outcome)
                : throw fields.Fault("expect", item, Outcomes.Understood);
        }

        return found.Count > 0 ? found : throw fields.Fault("expect", written, "at least one verdict");
    }
}
