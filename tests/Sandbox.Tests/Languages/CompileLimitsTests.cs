using System.Text;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using O1Coder.Sandbox.Languages;
using O1Coder.V1;

namespace O1Coder.Sandbox.Tests.Languages;

/// <summary>Compilers under their limits, with what is prepared for them, and languages that are absent.</summary>
public sealed class CompileLimitsTests
{
    private const string Loop = "constexpr bool spin() { for (unsigned long i = 0; i < 33000000; i++) { } return true; }\n"
        + "template <int> struct Spin { static_assert(spin()); };\nint main() { }\n";

    [Theory]
    [InlineData("CompileCpuSeconds", 0.05, "compile time limit: 0.05 s of CPU time")]
    [InlineData("CompileWallSeconds", 0.05, "compile time limit: 0.05 s")]
    [InlineData("CompileMemoryBytes", 64 << 20, "compile memory limit: 64 MiB")]
    [InlineData("CompileFileBytes", 1 << 20, "compile output limit: files of 1048576 bytes")]
    public async Task A_limit_is_a_compile_error_that_says_which(string setting, double value, string expected)
    {
        await using var host = await SandboxHost.StartAsync((setting, value));
        var program = setting == "CompileFileBytes" ? "char a[4 << 20] = {1};\nint main() { return a[0]; }\n" : "#include <iostream>\n#include <regex>\n" + Loop;
        if (await RunAsync(host, Language.Cpp, program) is { } response)
        {
            Assert.Equal(Verdict.CompileError, response.Verdict);
            Assert.Contains(expected, response.Message, StringComparison.Ordinal);
            Assert.Contains(expected, response.FirstFailure.Stderr, StringComparison.Ordinal);
            Assert.False(response.Compiled);
            var again = await host.RunAsync(Language.Cpp, program);
            Assert.Equal((Verdict.CompileError, false), (again.Verdict, again.CompileCached));
        }
    }

    [Fact]
    public async Task A_precompiled_header_changes_no_program()
    {
        await using var host = await SandboxHost.StartAsync(("PrepareAfter", 1), ("CompileCacheBytes", 0));
        const string program = "#include <bits/stdc++.h>\nusing namespace std;\nint main() { map<string, int> m; m[\"a\"] = 41; cout << m[\"a\"] + 1 << endl; }\n";
        if (await RunAsync(host, Language.Cpp, program) is { } first)
        {
            var compiler = host.Services.GetRequiredService<ProgramCompiler>();
            await compiler.Preparations.SettleAsync();
            var (definition, sources) = (Toolchains.Definition(Language.Cpp), ProgramSources.Of(Toolchains.Definition(Language.Cpp), program));
            var toolchain = (await host.Services.GetRequiredService<Toolchains>().FindAsync(TestContext.Current.CancellationToken))[Language.Cpp];
            Assert.NotNull(compiler.Preparations.Find(definition, toolchain, sources));
            var second = await host.RunAsync(Language.Cpp, program, "", "42");
            Assert.Equal((Verdict.Accepted, Verdict.WrongAnswer, false), (second.Verdict, first.Verdict, second.CompileCached));
            // What a program defines before the header still counts.
            var other = await host.RunAsync(Language.Cpp, "#define NDEBUG 1\n" + program + "static_assert(NDEBUG == 1);\n", "", "42");
            Assert.Equal(Verdict.Accepted, other.Verdict);
        }
    }

    [Fact]
    public async Task A_java_compiler_with_its_classes_prepared_compiles_the_same()
    {
        await using var host = await SandboxHost.StartAsync(("PrepareAfter", 1), ("CompileCacheBytes", 0));
        const string program = "public class Main { public static void main(String[] args) { System.out.println(42); } }\n";
        if (await RunAsync(host, Language.Java, program) is not null)
        {
            var compiler = host.Services.GetRequiredService<ProgramCompiler>();
            await compiler.Preparations.SettleAsync();
            var second = await host.RunAsync(Language.Java, program, "", "42");
            Assert.Equal((Verdict.Accepted, ""), (second.Verdict, second.CompileLog));
        }
    }

    [Fact]
    public async Task An_absent_language_is_not_found_with_what_to_install()
    {
        await using var host = await SandboxHost.StartAsync();
        var toolchains = host.Services.GetRequiredService<Toolchains>();
        var error = await Assert.ThrowsAsync<RpcException>(() => toolchains.GetAsync(new AbsentLanguage(), TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
        Assert.Equal("Nothing cannot be run on this machine; install the nothing package and start the sandbox again", error.Status.Detail);
    }

    [Fact]
    public async Task The_capabilities_list_every_language_once()
    {
        await using var host = await SandboxHost.StartAsync();
        var said = await host.Client.GetCapabilitiesAsync(new GetCapabilitiesRequest(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Enum.GetValues<Language>().Where(language => language != Language.Unspecified),
            said.Languages.Concat(said.Missing.Select(missing => missing.Language)).Order());
        Assert.Equal(said.Languages, said.Toolchains.Select(toolchain => toolchain.Language));
        Assert.All(said.Toolchains, toolchain => Assert.True(toolchain.Version.Length > 0 && File.Exists(toolchain.Path), $"{toolchain}"));
        Assert.All(said.Missing, missing => Assert.NotEmpty(missing.Install));
        TestContext.Current.TestOutputHelper!.WriteLine($"{said.Toolchains} missing: {said.Missing}");
    }

    [Fact]
    public void A_log_is_cut_at_64_KiB_with_a_note()
    {
        Assert.Equal("short", CompileLog.Cut("short"u8));
        foreach (var part in new[] { "error: something\n", "é", "\u0001" })
        {
            var cut = CompileLog.Cut(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(part, 200_000))));
            Assert.InRange(Encoding.UTF8.GetByteCount(cut), CompileLog.MostBytes - 128, CompileLog.MostBytes);
            Assert.StartsWith(part, cut, StringComparison.Ordinal);
            Assert.Matches(@"\[… the first part of \d+ bytes\]$", cut);
        }

        var invalid = new byte[100_000];
        Array.Fill(invalid, (byte)0xff);
        Assert.True(Encoding.UTF8.GetByteCount(CompileLog.Cut(invalid)) <= CompileLog.MostBytes);
    }

    /// <summary>Null, with a line that says so, where the language is not on this machine.</summary>
    private static async Task<ExecuteResponse?> RunAsync(SandboxHost host, Language language, string program)
    {
        try
        {
            return await host.RunAsync(language, program);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound)
        {
            TestContext.Current.TestOutputHelper!.WriteLine($"not tried: {exception.Status.Detail}");
            return null;
        }
    }

    private sealed class AbsentLanguage : LanguageDefinition
    {
        public override Language Language => Language.Unspecified;

        public override string Name => "Nothing";

        public override string Install => "the nothing package";

        public override RuntimeOverhead Overhead => RuntimeOverhead.Native;

        public override string SourceName(string program) => "program";

        public override Task<InstalledToolchain?> FindAsync(ToolchainProbe probe, CancellationToken cancellationToken) => Task.FromResult<InstalledToolchain?>(null);

        public override CompilePlan Compile(InstalledToolchain toolchain, ProgramSources sources, bool isPrepared) => throw new NotSupportedException();

        public override BoxCommand Run(InstalledToolchain toolchain, ProgramSources sources, BoxLimits limits) => throw new NotSupportedException();

        public override bool RanOutOfMemory(BoxFacts facts, string errors, BoxLimits limits) => false;
    }
}
