using O1Coder.V1;

namespace O1Coder.Sandbox.Languages;

/// <summary>Java by javac and the JVM.</summary>
internal sealed class JavaLanguage : LanguageDefinition
{
    private const string Archive = "javac.jsa";

    // One thread collects garbage and two compile, however many cores there are: more would be the program's own threads' places.
    private static readonly string[] s_machine = ["-XX:+UseSerialGC", "-XX:CICompilerCount=2", "-XX:-UsePerfData", "-Xshare:auto"];

    /// <inheritdoc/>
    public override Language Language => Language.Java;

    /// <inheritdoc/>
    public override string Name => "Java";

    /// <inheritdoc/>
    public override string Install => "a JDK 17 or later (Debian and Ubuntu: apt-get install openjdk-17-jdk-headless)";

    /// <summary>Class metadata, machine code, the collector's tables and the mapped archive of classes; some twenty threads.</summary>
    public override RuntimeOverhead Overhead { get; } = new(160L << 20, 24, 32);

    /// <summary>A public class wants a file of its name.</summary>
    public override string SourceName(string program) => $"{JavaSource.PublicType(program) ?? JavaSource.MainType(program) ?? "Main"}.java";

    /// <inheritdoc/>
    public override async Task<InstalledToolchain?> FindAsync(ToolchainProbe probe, CancellationToken cancellationToken)
    {
        if (ToolchainProbe.Which("java") is not { } found || ToolchainProbe.Which("javac") is not { } compiler)
        {
            return null;
        }

        // A version manager's shim is a script: the machine itself says where it is. It does so on standard error.
        var said = await probe.AskAsync("/bin/sh", ["-c", "exec \"$0\" -XX:+UseSerialGC -XshowSettings:properties -version 2>&1", RealPath.Of(found)], cancellationToken) ?? "";
        var (home, version) = (Property(said, "java.home"), Property(said, "java.version"));
        if (home is null || version is null || !File.Exists(Path.Combine(home, "bin", "javac")) || compiler.Length == 0)
        {
            return null;
        }

        home = RealPath.Of(home);
        var java = Path.Combine(home, "bin", "java");
        var objects = await probe.SharedObjectsAsync(java,
            [Path.Combine(home, "lib", "server", "libjvm.so"), .. Directory.EnumerateFiles(Path.Combine(home, "lib"), "*.so")], cancellationToken);
        // Distributions keep the settings of the runtime, java.security among them, elsewhere and put links in their place.
        var settings = Directory.EnumerateFiles(Path.Combine(home, "conf"), "*", SearchOption.AllDirectories)
            .Select(RealPath.Of).Where(path => File.Exists(path) && !path.StartsWith(home + "/", StringComparison.Ordinal));
        // Windows and sound are no part of what a program needs here, and their libraries are many.
        var view = BoxView.Of([home, .. settings, .. objects.Where(path => IsOfCore(Path.GetFileName(path)))]);
        return new InstalledToolchain(version, java, view, view) { Home = home };
    }

    /// <inheritdoc/>
    public override CompilePlan Compile(InstalledToolchain toolchain, ProgramSources sources, bool isPrepared) =>
        new(Compiler(toolchain, isPrepared ? $"-J-XX:SharedArchiveFile={Preparation.Folder}/{Archive}" : null, sources.Files), false);

    /// <inheritdoc/>
    public override bool UsesPreparation(ProgramSources sources) => true;

    /// <summary>
    /// The compiler's own classes, read and laid out once (class-data sharing). A compiler that stays and takes one program
    /// after another would be faster still, but what one leaves in it the next would see.
    /// </summary>
    public override Preparation Prepare(InstalledToolchain toolchain)
    {
        var files = new[] { new SourceFile("Main.java", """
            import java.util.*;
            import java.util.stream.*;

            public class Main {
                record Item(String name, int count) { }

                public static void main(String[] args) {
                    Map<String, List<Item>> items = new TreeMap<>();
                    for (String arg : args) items.computeIfAbsent(arg, key -> new ArrayList<>()).add(new Item(arg, arg.length()));
                    System.out.println(items.values().stream().flatMap(List::stream).map(Item::name).collect(Collectors.joining(",")) + switch (args.length) { case 0 -> "none"; default -> "some"; });
                }
            }
            """) };
        return new Preparation(Compiler(toolchain, $"-J-XX:ArchiveClassesAtExit={CompilePlan.OutputFolder}/{Archive}", files), files);
    }

    /// <inheritdoc/>
    public override BoxCommand Run(InstalledToolchain toolchain, ProgramSources sources, BoxLimits limits) => new(
        [[Path.Combine(toolchain.Home, "bin", "java"), .. s_machine, "-Xss72m", "-XX:ReservedCodeCacheSize=64m", "-XX:MaxMetaspaceSize=128m",
            Fixed($"-Xmx{limits.MemoryBytes >> 10}k"), "-cp", CompilePlan.ProgramFolder, JavaSource.MainType(sources.MainText) ?? "Main"]],
        toolchain.RunView, Environment(Libraries(toolchain)));

    private static BoxCommand Compiler(InstalledToolchain toolchain, string? archive, IEnumerable<SourceFile> files) => new(
        [[Path.Combine(toolchain.Home, "bin", "javac"), .. s_machine.Select(flag => $"-J{flag}"), "-J-XX:TieredStopAtLevel=1", "-J-Xss8m", "-J-Xmx512m",
            .. archive is null ? [] : new[] { archive },
            "-proc:none", "-implicit:none", "-nowarn", "-g", "-encoding", "UTF-8", "-sourcepath", "/nothing", "-cp", "/nothing", "-d", CompilePlan.OutputFolder,
            .. files.Select(file => file.Name)]],
        toolchain.CompileView, Environment(Libraries(toolchain)));

    /// <summary>A thread that cannot be made is reported as memory too, and is not: the limit on processes was reached.</summary>
    public override bool RanOutOfMemory(BoxFacts facts, string errors, BoxLimits limits) =>
        facts.ExitStatus != 0 && errors.Contains("java.lang.OutOfMemoryError", StringComparison.Ordinal)
        && !errors.Contains("unable to create native thread", StringComparison.Ordinal);

    // Without /proc the loader does not know where a program lies, nor the libraries that lie relative to it.
    private static (string, string) Libraries(InstalledToolchain toolchain) => ("LD_LIBRARY_PATH", Path.Combine(toolchain.Home, "lib"));

    private static bool IsOfCore(string name) => name.StartsWith("ld", StringComparison.Ordinal)
        || Array.Exists(["libc.", "libm.", "libz.", "libdl.", "librt.", "libpthread.", "libgcc_s.", "libstdc++."], part => name.StartsWith(part, StringComparison.Ordinal));

    private static string? Property(string said, string name) => said.Split('\n').Select(line => line.Trim())
        .FirstOrDefault(line => line.StartsWith(name + " = ", StringComparison.Ordinal))?[(name.Length + 3)..].Trim();
}
