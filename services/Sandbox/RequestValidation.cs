using System.Text;
using O1Coder.ServiceDefaults;
using O1Coder.V1;

namespace O1Coder.Sandbox;

/// <summary>Checks every field of a request and fills in limits that it leaves open.</summary>
internal static class RequestValidation
{
    private const int MostTests = 1000;
    private const int MostProgramBytes = 1 << 20;
    private const int MostKeyCharacters = 128;
    private const long Mebibyte = 1L << 20;

    /// <summary>Refuses what <c>sandbox.proto</c> does not allow.</summary>
    /// <exception cref="Grpc.Core.RpcException">InvalidArgument, naming the field, its value and what was expected.</exception>
    public static BoxLimits Check(ExecuteRequest request, SandboxOptions options)
    {
        InvalidArgument.ThrowUnless(request.Language == Language.Python, "language", request.Language, "LANGUAGE_PYTHON");
        var bytes = Encoding.UTF8.GetByteCount(request.Program);
        InvalidArgument.ThrowUnless(bytes <= MostProgramBytes, "program", $"a text of {bytes} bytes", "at most 1 MiB of UTF-8");
        InvalidArgument.ThrowUnless(request.Tests.Count is >= 1 and <= MostTests, "tests", $"{request.Tests.Count} tests", "1 to 1,000 tests");
        InvalidArgument.ThrowUnless(request.IdempotencyKey.Length <= MostKeyCharacters, "idempotency_key", request.IdempotencyKey,
            $"at most {MostKeyCharacters} characters");
        for (var index = 0; index < request.Tests.Count; index++)
        {
            CheckTest(request.Tests[index], request.Tests[0].KindCase, index);
        }

        return Limits(request.Limits ?? new ExecutionLimits(), options);
    }

    private static void CheckTest(TestCase test, TestCase.KindOneofCase kind, int index)
    {
        InvalidArgument.ThrowUnless(test.KindCase != TestCase.KindOneofCase.None, $"tests[{index}].kind", null, "stdio or assertion");
        InvalidArgument.ThrowUnless(test.KindCase == kind, $"tests[{index}].kind", test.KindCase, $"{kind}, as the first test is");
        if (test.Assertion is { } assertion)
        {
            InvalidArgument.ThrowUnless(!string.IsNullOrWhiteSpace(assertion.Code), $"tests[{index}].assertion.code", assertion.Code,
                "a Python statement such as 'assert add(1, 2) == 3'");
        }
    }

    private static BoxLimits Limits(ExecutionLimits limits, SandboxOptions options) => new(
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
