using O1Coder.V1;

namespace O1Coder.Sandbox.Languages;

/// <summary>C# by the SDK's compiler against its reference assemblies, run by the .NET runtime; no NuGet and no MSBuild.</summary>
internal sealed class CSharpLanguage : LanguageDefinition
{
    private const string ReferenceFile = "references.rsp";

    private static readonly string[] s_hashLibraries = ["libssl.so.3", "libcrypto.so.3", "libssl.so.1.1", "libcrypto.so.1.1"];

    // What a new console project sees without saying so.
    private static readonly SourceFile s_usings = new("usings.cs", string.Concat(new[]
    {
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
    }.Select(name => $"global using global::{name};\n")));

    // Write-xor-execute maps code twice through memfd_create, which the box refuses; no debugger's socket, no libicu.
    private static readonly (string, string)[] s_settings =
    [
        ("DOTNET_EnableWriteXorExecute", "0"), ("DOTNET_EnableDiagnostics", "0"), ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1"),
        ("DOTNET_gcConcurrent", "0"), ("DOTNET_gcServer", "0"), ("DOTNET_TieredPGO", "0"),
    ];

    /// <inheritdoc/>
    public override Language Language => Language.Csharp;

    /// <inheritdoc/>
    public override string Name => "C#";

    /// <inheritdoc/>
    public override string Install => "the .NET SDK 8 or later (https://dotnet.microsoft.com)";

    /// <summary>The runtime's own code and heaps; some ten threads.</summary>
    public override RuntimeOverhead Overhead { get; } = new(128L << 20, 16, 64);

    /// <summary>The runtime reads its own memory map, to know where its stacks end.</summary>
    public override bool NeedsProc => true;

    /// <inheritdoc/>
    public override string SourceName(string program) => "program.cs";

    /// <inheritdoc/>
    public override async Task<InstalledToolchain?> FindAsync(ToolchainProbe probe, CancellationToken cancellationToken)
    {
        if (ToolchainProbe.Which("dotnet") is not { } found
            || await probe.AskAsync(found, ["--list-sdks"], cancellationToken) is not { } sdks
            || await probe.AskAsync(found, ["--list-runtimes"], cancellationToken) is not { } runtimes)
        {
            return null;
        }

        // Each line reads: 10.0.100 [/usr/share/dotnet/sdk], and Microsoft.NETCore.App 10.0.0 [/usr/share/dotnet/shared/…].
        var newest = Folders(sdks).Where(item => File.Exists(Path.Combine(item.Folder, "Roslyn", "bincore", "csc.dll")))
            .OrderBy(item => item.Version).LastOrDefault();
        if (newest.Folder is null)
        {
            return null;
        }

        var root = Path.GetDirectoryName(Path.GetDirectoryName(newest.Folder))!;
        var runtime = Folders(string.Join('\n', runtimes.Split('\n').Where(line => line.StartsWith("Microsoft.NETCore.App ", StringComparison.Ordinal))
            .Select(line => line["Microsoft.NETCore.App ".Length..]))).Where(item => item.Version.Major == newest.Version.Major).OrderBy(item => item.Version).LastOrDefault();
        var packs = Path.Combine(root, "packs", "Microsoft.NETCore.App.Ref");
        var references = Directory.Exists(packs) ? Directory.EnumerateDirectories(packs)
            .Select(folder => Path.Combine(folder, "ref", $"net{newest.Version.Major}.0")).Where(Directory.Exists).Order(StringComparer.Ordinal).LastOrDefault() : null;
        var host = Path.Combine(root, "dotnet");
        if (runtime.Folder is null || references is null || !File.Exists(host))
        {
            return null;
        }

        var objects = (await probe.SharedObjectsAsync(host, Directory.EnumerateFiles(runtime.Folder, "*.so").Where(file => !file.Contains("lttng", StringComparison.Ordinal)), cancellationToken))
            .Where(path => !path.StartsWith(root + "/", StringComparison.Ordinal)).ToList();
        // SHA-256 and its kin are OpenSSL's, which the runtime looks for by itself; the compiler hashes what it writes.
        var libraries = objects.Where(path => Path.GetFileName(path).StartsWith("libc.so", StringComparison.Ordinal)).Select(path => Path.GetDirectoryName(path)!).ToList();
        var hashes = libraries.SelectMany(folder => s_hashLibraries.Select(name => Path.Combine(folder, name)));
        var run = BoxView.Of([host, Path.Combine(root, "host", "fxr"), runtime.Folder, .. objects, .. hashes]);
        var compile = run.With(BoxView.Of([Path.Combine(newest.Folder, "Roslyn", "bincore"), references]));
        return new InstalledToolchain(newest.Version.ToString(), RealPath.Of(Path.Combine(newest.Folder, "Roslyn", "bincore", "csc.dll")), compile, run)
        {
            Home = root,
            Runtime = runtime.Version.ToString(),
            Library = references,
        };
    }

    /// <inheritdoc/>
    public override CompilePlan Compile(InstalledToolchain toolchain, ProgramSources sources, bool isPrepared)
    {
        var references = Directory.EnumerateFiles(toolchain.Library, "*.dll").Order(StringComparer.Ordinal);
        return new(new BoxCommand(
            [[Path.Combine(toolchain.Home, "dotnet"), "exec", toolchain.Path, "-noconfig", "-nologo", "-nostdlib+", "-target:exe", "-optimize+", "-unsafe+",
                "-nullable:disable", "-warn:0", "-langversion:latest", "-utf8output", "-debug-", "-deterministic+", $"-out:{CompilePlan.OutputFolder}/program.dll",
                $"@{ReferenceFile}", .. sources.Files.Select(file => file.Name), s_usings.Name]],
            toolchain.CompileView, Environment(s_settings))
        { NeedsProc = true }, false)
        {
            Added = [new SourceFile(ReferenceFile, string.Concat(references.Select(path => $"-reference:\"{path}\"\n"))), s_usings],
            Shipped =
            [
                new SourceFile("program.runtimeconfig.json", $$"""
                    { "runtimeOptions": { "tfm": "net{{toolchain.Runtime.Split('.')[0]}}.0", "framework": { "name": "Microsoft.NETCore.App", "version": "{{toolchain.Runtime}}" } } }
                    """),
            ],
        };
    }

    /// <inheritdoc/>
    public override BoxCommand Run(InstalledToolchain toolchain, ProgramSources sources, BoxLimits limits) => new(
        [[Path.Combine(toolchain.Home, "dotnet"), "exec", $"{CompilePlan.ProgramFolder}/program.dll"]],
        toolchain.RunView, Environment([.. s_settings, ("DOTNET_GCHeapHardLimit", Fixed($"0x{limits.MemoryBytes:x}"))]))
    { NeedsProc = true };

    /// <summary>A thread that cannot be made is reported as memory too, and is not: little was used then.</summary>
    public override bool RanOutOfMemory(BoxFacts facts, string errors, BoxLimits limits) => facts.ExitStatus > 128
        && (errors.Contains("System.OutOfMemoryException", StringComparison.Ordinal) || errors.StartsWith("Out of memory.", StringComparison.Ordinal))
        && !errors.Contains("System.Threading.Thread.Start", StringComparison.Ordinal)
        && (facts.Peak > limits.MemoryBytes / 2 || errors.Contains("System.OutOfMemoryException", StringComparison.Ordinal));

    private static IEnumerable<(Version Version, string Folder)> Folders(string listed)
    {
        foreach (var words in listed.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(" [", 2)))
        {
            // A preview's version ends in words; it is left to those who name it.
            if (words.Length == 2 && Version.TryParse(words[0], out var version))
            {
                yield return (version, Path.Combine(words[1].TrimEnd(']'), words[0]));
            }
        }
    }
}
