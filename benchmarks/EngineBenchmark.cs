using System.CommandLine;
using System.CommandLine.Parsing;
using O1Coder.Inference;

namespace O1Coder.Benchmarks;

/// <summary>The engine: against llama.cpp, or alone.</summary>
internal static class EngineBenchmark
{
    private const int BadInput = 2;

    public static Command Command()
    {
        var model = new Option<string>("--model") { Description = "Folder of the model.", DefaultValueFactory = _ => DefaultModel() };
        var threads = new Option<int>("--threads") { Description = "Threads that compute, of both engines.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var precision = new Option<Precision>("--precision") { Description = "Fast or Exact.", DefaultValueFactory = _ => Precision.Fast };
        var backends = new Option<EngineBackend[]>("--backend")
        {
            Description = "Cpu or Onnx; with --alone both, if wanted: every line is then measured with each, in turn.",
            DefaultValueFactory = _ => [EngineBackend.Cpu],
            AllowMultipleArgumentsPerToken = true,
            CustomParser = ReadBackends,
        };
        var rounds = new Option<int>("--rounds") { Description = "Runs of each, ours and theirs in turn; medians are printed.", DefaultValueFactory = _ => 3 };
        var llama = new Option<string?>("--llama")
        {
            Description = $"Folder with llama.cpp's programs (or {LlamaBuild.Variable}).",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(LlamaBuild.Variable),
        };
        var only = new Option<string>("--only") { Description = "Parts of the comparison, of a,b,c,d.", DefaultValueFactory = _ => string.Join(',', EngineComparison.Parts) };
        var neighbour = new Option<bool>("--neighbour") { Description = "Compare decoding beside busy processes instead." };
        var servers = new Option<string[]>("--server")
        {
            Description = "How llama-server is run in part d.",
            DefaultValueFactory = _ => [LlamaServerShape.All[0].Name],
            AllowMultipleArgumentsPerToken = true,
        };
        servers.AcceptOnlyFromAmong([.. LlamaServerShape.All.Select(shape => shape.Name)]);
        var problems = new Option<int>("--problems") { Description = "Problems of part d.", DefaultValueFactory = _ => 8 };
        var levels = new Option<int>("--levels") { Description = "Levels of part d.", DefaultValueFactory = _ => 6 };
        var topK = new Option<int>("--top-k") { Description = "Part d draws from so many of the likeliest tokens; 0 for all." };
        var json = new Option<string?>("--json") { Description = "File for the comparison's numbers." };
        var alone = new Option<bool>("--alone") { Description = "Measure ours without a peer." };
        var tokens = new Option<int>("--tokens") { Description = "With --alone: tokens decoded a sequence.", DefaultValueFactory = _ => 32 };
        var batches = new Option<int[]>("--sequences")
        {
            Description = "With --alone: sequences decoded at once.",
            DefaultValueFactory = _ => [1, 2, 3, 4, 6, 8, 12, 16],
            AllowMultipleArgumentsPerToken = true,
        };
        var adapter = new Option<int>("--adapter")
        {
            Description = "With --alone: rank of a LoRA adapter of all projections; every line is then measured without and with it, in turn.",
        };
        var adapters = new Option<int>("--adapters")
        {
            Description = "With --adapter: every line also with so many adapters in one batch.",
            DefaultValueFactory = _ => 1,
        };
        var busy = new Option<bool>(Neighbours.Option) { Description = "Be a busy process.", Hidden = true };
        var command = new Command("engine", "Tokens a second of the inference engine, against llama.cpp or alone.")
        {
            model, threads, precision, backends, rounds, llama, only, neighbour, servers, problems, levels, topK, json, alone, tokens, batches, adapter, adapters, busy,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(busy))
            {
                Neighbours.BeBusy();
                return 0;
            }

            var chosen = parsed.GetValue(backends)!;
            var options = new EngineOptions { Threads = parsed.GetValue(threads), Precision = parsed.GetValue(precision), Backend = chosen[0] };
            if (parsed.GetValue(alone))
            {
                await EngineAlone.Run(
                    parsed.GetValue(model)!,
                    chosen,
                    options,
                    parsed.GetValue(tokens),
                    parsed.GetValue(rounds),
                    [.. parsed.GetValue(batches)!.Order()],
                    parsed.GetValue(adapter),
                    Math.Max(1, parsed.GetValue(adapters)),
                    cancellationToken);
                return 0;
            }

            var settings = new ComparisonSettings
            {
                Model = parsed.GetValue(model)!,
                Llama = parsed.GetValue(llama) ?? "",
                Parts = parsed.GetValue(only)!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                Neighbour = parsed.GetValue(neighbour),
                Rounds = parsed.GetValue(rounds),
                Search = new SearchShape(parsed.GetValue(problems), parsed.GetValue(levels), Children: 4, Tokens: 60, Prompt: 400, Shared: 100, parsed.GetValue(topK)),
                Servers = [.. parsed.GetValue(servers)!.Select(name => LlamaServerShape.All.Single(shape => shape.Name == name))],
                Json = parsed.GetValue(json),
            };
            if (Refusal(settings, options, chosen, parsed.GetValue(adapter)) is { } refusal)
            {
                await Console.Error.WriteLineAsync(refusal);
                return BadInput;
            }

            await EngineComparison.Run(settings, options, cancellationToken);
            return 0;
        });
        return command;
    }

    /// <summary>The embedded model's folder.</summary>
    internal static string DefaultModel() => Path.Combine(Repository.Root, "models", "qwen2.5-coder-0.5b-instruct");

    private static EngineBackend[] ReadBackends(ArgumentResult given)
    {
        var backends = new List<EngineBackend>();
        foreach (var word in given.Tokens.Select(token => token.Value))
        {
            if (Enum.GetNames<EngineBackend>().Contains(word, StringComparer.OrdinalIgnoreCase))
            {
                backends.Add(Enum.Parse<EngineBackend>(word, ignoreCase: true));
            }
            else
            {
                given.AddError($"--backend is '{word}': expected {string.Join(" or ", Enum.GetNames<EngineBackend>())}");
            }
        }

        return [.. backends];
    }

    // What is wrong, or null.
    private static string? Refusal(ComparisonSettings settings, EngineOptions options, EngineBackend[] backends, int adapter) => settings switch
    {
        { Llama: "" } => LlamaBuild.HowTo,
        _ when LlamaBuild.Missing(settings.Llama) is { } missing => $"{missing}\n\n{LlamaBuild.HowTo}",
        _ when settings.Parts.Except(EngineComparison.Parts).FirstOrDefault() is { } part => $"--only has '{part}': expected {string.Join(',', EngineComparison.Parts)}",
        { Parts.Count: 0 } => $"--only is empty: expected {string.Join(',', EngineComparison.Parts)}",
        { Rounds: < 1 } => $"--rounds is {settings.Rounds}: expected at least 1",
        { Search.Problems: < 1 } or { Search.Levels: < 1 } => $"--problems is {settings.Search.Problems} and --levels {settings.Search.Levels}: expected at least 1",
        { Search.TopK: < 0 } => $"--top-k is {settings.Search.TopK}: expected at least 0",
        { Json: { } file } when !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))) => $"--json is {file}: expected a file in a folder that exists",
        _ when LlamaBuild.ModelFile(settings.Model) is null => $"--model is {settings.Model}: expected a folder with one GGUF model, which both engines load",
        _ when options.Threads is < 1 or > 1024 => $"--threads is {options.Threads}: expected 1 to 1024",
        _ when backends.Length > 1 => $"--backend is {string.Join(' ', backends)}: expected one, or --alone",
        _ when adapter > 0 => $"--adapter is {adapter}: expected --alone with it",
        _ => null,
    };
}
