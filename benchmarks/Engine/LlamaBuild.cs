using System.Globalization;
using System.Text.Json;

namespace O1Coder.Benchmarks;

/// <summary>A folder with llama.cpp's programs, built natively from source.</summary>
internal sealed class LlamaBuild
{
    /// <summary>The variable that names the folder where no option does.</summary>
    public const string Variable = "O1CODER_LLAMA";

    private static readonly string[] s_programs = ["llama-bench", "llama-batched-bench", "llama-server"];
    private readonly string _folder;
    private readonly string _model;
    private readonly string _threads;

    private LlamaBuild(string folder, string model, int threads) =>
        (_folder, _model, _threads) = (folder, model, threads.ToString(CultureInfo.InvariantCulture));

    /// <summary>How to get it, one screen.</summary>
    public const string HowTo = """
        llama.cpp is the peer of this comparison: built natively from source, given by --llama FOLDER or O1CODER_LLAMA=FOLDER,
        a folder with llama-bench, llama-batched-bench and llama-server. The npm package node-llama-cpp carries the source as a
        git bundle; git, cmake, a C++ compiler and about twenty minutes on two cores build it:

          npm pack node-llama-cpp@3.22.1
          tar -xzf node-llama-cpp-3.22.1.tgz
          git clone package/llama/gitRelease.bundle llama.cpp
          cmake -S llama.cpp -B llama.cpp/build -DCMAKE_BUILD_TYPE=Release -DGGML_NATIVE=ON -DLLAMA_CURL=OFF
          cmake --build llama.cpp/build -j 2 --target llama-bench llama-batched-bench llama-server

        Then:   dotnet run -c Release --project benchmarks -- engine --llama llama.cpp/build/bin
        Without: dotnet run -c Release --project benchmarks -- engine --alone
        """;

    /// <summary>What is missing in a folder, or null if it can be used.</summary>
    public static string? Missing(string folder) =>
        s_programs.FirstOrDefault(program => !File.Exists(Path.Combine(folder, program))) is { } program
            ? $"{Path.Combine(folder, program)} is not there"
            : null;

    /// <summary>The one GGUF model in a folder, by which llama.cpp takes it: of a split file the first part; null if there is not one.</summary>
    public static string? ModelFile(string folder)
    {
        string[] files = Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.gguf").Where(IsFirst)] : [];
        return files.Length == 1 ? files[0] : null;

        static bool IsFirst(string path) =>
            !path.Contains("-of-", StringComparison.Ordinal) || path.Contains("-00001-of-", StringComparison.Ordinal);
    }

    /// <summary>The folder's programs, to be run on a model.</summary>
    /// <param name="folder">The folder; nothing is <see cref="Missing"/> in it.</param>
    /// <param name="modelFolder">Has a <see cref="ModelFile"/>.</param>
    /// <param name="threads">Threads that compute.</param>
    public static LlamaBuild Open(string folder, string modelFolder, int threads) => new(folder, ModelFile(modelFolder)!, threads);

    /// <summary>Decodes one sequence after a prefix: tokens a second, and what the build calls itself.</summary>
    public async Task<(double Rate, string Build)> Decode(int prefix, int tokens, CancellationToken cancellationToken) =>
        await Bench(["-p", "0", "-n", Text(tokens), "-d", Text(prefix)], cancellationToken);

    /// <summary>Computes a prompt: tokens a second.</summary>
    public async Task<double> Prefill(int tokens, CancellationToken cancellationToken) =>
        (await Bench(["-p", Text(tokens), "-n", "0"], cancellationToken)).Rate;

    /// <summary>Decodes several sequences that share a prefix: tokens a second of all together, by batch size.</summary>
    public async Task<Dictionary<int, double>> DecodeBatches(
        int prefix, int tokens, IReadOnlyCollection<int> batches, CancellationToken cancellationToken)
    {
        var context = prefix + (batches.Max() * (prefix + tokens));
        var output = await ChildProcess.Run(Path.Combine(_folder, "llama-batched-bench"),
        [
            "-m", _model, "-t", _threads, "-c", Text(context), "-npp", Text(prefix), "-ntg", Text(tokens),
            "-npl", string.Join(',', batches.Select(Text)), "-pps", "--output-format", "jsonl",
        ], cancellationToken);
        return Lines(output).ToDictionary(line => line.GetProperty("pl").GetInt32(), line => line.GetProperty("speed_tg").GetDouble());
    }

    /// <summary>Starts llama-server.</summary>
    public Task<LlamaServer> Serve(LlamaServerShape shape, CancellationToken cancellationToken) =>
        LlamaServer.Start(Path.Combine(_folder, "llama-server"), ["-m", _model, "-t", _threads], shape, cancellationToken);

    private async Task<(double Rate, string Build)> Bench(string[] arguments, CancellationToken cancellationToken)
    {
        var output = await ChildProcess.Run(
            Path.Combine(_folder, "llama-bench"), ["-m", _model, "-t", _threads, "-r", "1", "-o", "jsonl", .. arguments], cancellationToken);
        var line = Lines(output).Single();
        return (line.GetProperty("avg_ts").GetDouble(), $"{line.GetProperty("build_commit").GetString()}, {line.GetProperty("cpu_info").GetString()}");
    }

    private static IEnumerable<JsonElement> Lines(string output) => output.Split('\n')
        .Where(line => line.StartsWith('{'))
        .Select(line => JsonDocument.Parse(line).RootElement);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
