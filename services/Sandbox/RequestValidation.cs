using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf.Collections;
using O1Coder.Sandbox.Plain;
using O1Coder.ServiceDefaults;
using O1Coder.V1;

namespace O1Coder.Sandbox;

/// <summary>Checks every field of a request and fills in limits that it leaves open.</summary>
internal static partial class RequestValidation
{
    private const int MostTests = 1000;
    private const int MostProgramBytes = 1 << 20;
    private const int MostFiles = 64;
    private const int MostFileBytes = 1 << 20;
    private const int LongestFileName = 200;
    private const int MostKeyCharacters = 128;
    private const long Mebibyte = 1L << 20;

    /// <summary>Refuses what <c>sandbox.proto</c> does not allow.</summary>
    /// <exception cref="Grpc.Core.RpcException">InvalidArgument, naming the field, its value and what was expected.</exception>
    public static BoxLimits Check(ExecuteRequest request, SandboxOptions options)
    {
        InvalidArgument.ThrowUnless(request.Language is > Language.Unspecified and <= Language.Csharp, "language", request.Language, "a language, such as LANGUAGE_PYTHON");
        var bytes = Encoding.UTF8.GetByteCount(request.Program);
        InvalidArgument.ThrowUnless(bytes <= MostProgramBytes, "program", $"a text of {bytes} bytes", "at most 1 MiB of UTF-8");
        InvalidArgument.ThrowUnless(request.Tests.Count is >= 1 and <= MostTests, "tests", $"{request.Tests.Count} tests", "1 to 1,000 tests");
        InvalidArgument.ThrowUnless(request.IdempotencyKey.Length <= MostKeyCharacters, "idempotency_key", request.IdempotencyKey,
            $"at most {MostKeyCharacters} characters");
        for (var index = 0; index < request.Tests.Count; index++)
        {
            CheckTest(request.Tests[index], request.Tests[0].KindCase, index);
            InvalidArgument.ThrowUnless(request.Language == Language.Python || request.Tests[index].Assertion is null, $"tests[{index}].kind", "assertion",
                "stdio or function: assertions are Python");
        }

        CheckEntry(request);
        CheckChecker(request.Checker);
        CheckFiles(request.Files);

        return Limits(request.Limits ?? new ExecutionLimits(), options);
    }

    private static void CheckTest(TestCase test, TestCase.KindOneofCase kind, int index)
    {
        InvalidArgument.ThrowUnless(test.KindCase != TestCase.KindOneofCase.None, $"tests[{index}].kind", null, "stdio, assertion or function");
        InvalidArgument.ThrowUnless(test.KindCase == kind, $"tests[{index}].kind", test.KindCase, $"{kind}, as the first test is");
        if (test.Assertion is { } assertion)
        {
            InvalidArgument.ThrowUnless(!string.IsNullOrWhiteSpace(assertion.Code), $"tests[{index}].assertion.code", assertion.Code,
                "a Python statement such as 'assert add(1, 2) == 3'");
        }

        if (test.Function is { } call)
        {
            var arguments = Json($"tests[{index}].function.args_json", call.ArgsJson, "a JSON array");
            InvalidArgument.ThrowUnless(arguments.Kind == PlainKind.List, $"tests[{index}].function.args_json", call.ArgsJson, "a JSON array");
            Json($"tests[{index}].function.expected_json", call.ExpectedJson, "JSON");
        }
    }

    private static PlainValue Json(string field, string text, string expected)
    {
        try
        {
            return JsonPlainReader.Read(text);
        }
        catch (PlainFormatException exception)
        {
            InvalidArgument.Throw(field, text, $"{expected} ({exception.Message})");
            throw;
        }
    }

    private static void CheckEntry(ExecuteRequest request)
    {
        var isFunction = request.Tests[0].Function is not null;
        InvalidArgument.ThrowUnless(!isFunction || EntryName().IsMatch(request.Entry), "entry", request.Entry, "a function's name, or Class.method");
        InvalidArgument.ThrowUnless(isFunction || request.Entry.Length == 0, "entry", request.Entry, "none: the tests are no calls of one function");
    }

    private static void CheckChecker(Checker? checker)
    {
        if (checker is null)
        {
            return;
        }

        InvalidArgument.ThrowUnless(Enum.IsDefined(checker.Kind), "checker.kind", checker.Kind, "one of CheckerKind");
        InvalidArgument.ThrowUnless(checker.Tolerance is >= 0 and <= 1, "checker.tolerance", checker.Tolerance, "a number above 0 and at most 1, or 0 for 1e-6");
        var bytes = Encoding.UTF8.GetByteCount(checker.Program);
        var isProgram = checker.Kind == CheckerKind.Program;
        InvalidArgument.ThrowUnless(isProgram ? bytes is > 0 and <= MostProgramBytes : bytes == 0, "checker.program", $"a text of {bytes} bytes",
            isProgram ? "a program of at most 1 MiB" : "none: the kind is not program");
        InvalidArgument.ThrowUnless(Enum.IsDefined(checker.Language), "checker.language", checker.Language, "one of Language");
    }

    private static void CheckFiles(MapField<string, string> files)
    {
        InvalidArgument.ThrowUnless(files.Count <= MostFiles, "files", $"{files.Count} files", $"at most {MostFiles}");
        foreach (var name in files.Keys)
        {
            var isName = name.Length > 0 && Encoding.UTF8.GetByteCount(name) <= LongestFileName && name is not ("." or "..")
                && !name.Any(c => c is '/' or '\\' || char.IsControl(c));
            InvalidArgument.ThrowUnless(isName, "files", name, $"a file's name of 1 to {LongestFileName} bytes without folders and control characters");
        }

        var bytes = files.Values.Sum(text => (long)Encoding.UTF8.GetByteCount(text));
        InvalidArgument.ThrowUnless(bytes <= MostFileBytes, "files", $"{bytes} bytes", "at most 1 MiB together");
    }

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{Nd}_]*(\.[\p{L}_][\p{L}\p{Nd}_]*)?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex EntryName();

    /// <summary>Every limit, with the defaults for what is left open.</summary>
    public static BoxLimits Limits(ExecutionLimits limits, SandboxOptions options) => new(
        Seconds("limits.cpu_seconds", limits.CpuSeconds, options.CpuSeconds, 60),
        Seconds("limits.wall_seconds", limits.WallSeconds, options.WallSeconds, 120),
        Whole("limits.memory_bytes", limits.MemoryBytes, options.MemoryBytes, 16 * Mebibyte, 4096 * Mebibyte),
        (int)Whole("limits.processes", limits.Processes, options.Processes, 1, 256),
        Whole("limits.output_bytes", limits.OutputBytes, options.OutputBytes, 1024, 16 * Mebibyte),
        Whole("limits.file_bytes", limits.FileBytes, options.FileBytes, 0, 256 * Mebibyte),
        (int)Whole("limits.open_files", limits.OpenFiles, options.OpenFiles, 8, 256),
        options.DiskBytes, options.DiskFiles);

    private static double Seconds(string field, double value, double otherwise, double most)
    {
        InvalidArgument.ThrowUnless(value == 0 || (value >= 0.05 && value <= most), field, value, $"seconds from 0.05 to {most}, or 0 for the default");
        return value == 0 ? otherwise : value;
    }

    private static long Whole(string field, long value, long otherwise, long least, long most)
    {
        InvalidArgument.ThrowUnless(value == 0 || (value >= least && value <= most), field, value, $"a number from {least} to {most}, or 0 for the default");
        return value == 0 ? otherwise : value;
    }
}
