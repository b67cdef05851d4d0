using System.Text.Json;
using O1Coder.Models;
using O1Coder.Policy.OpenAi;

namespace O1Coder.Policy.Remote;

/// <summary>
/// Finds out what a server can do by asking it for single tokens: what servers of one kind can do differs by version and
/// by how they were started.
/// </summary>
internal sealed class ServerProbe(RemoteServer server, ITokenizer tokenizer)
{
    private const string Text = "def add(a, b):\n    return a + b\n\n\ndef subtract(a, b):\n";

    private readonly int[] _tokens = tokenizer.Encode(Text, parseSpecial: false);

    /// <summary>Asks.</summary>
    /// <param name="model">The model's name there, or empty if the server serves one alone.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ModelFormatException">
    /// There is no such model, or it has another tokenizer than the local folder's.
    /// </exception>
    /// <exception cref="Grpc.Core.RpcException">The server cannot be used.</exception>
    public async Task<ServerAbilities> AskAsync(string model, CancellationToken cancellationToken)
    {
        var card = Choose(await server.ListModelsAsync(cancellationToken), model);
        var kind = KindOf(card);
        var (takesTokens, tellsLogProbabilities, answer) = await AskForTokenAsync(card.Id!, kind, cancellationToken);
        await CheckTokenizerAsync(card.Id!, kind, cancellationToken);
        return new ServerAbilities(
            kind,
            card.Id!,
            card.MaxModelLen,
            takesTokens,
            answer.Choices is [{ TokenIds: not null }],
            tellsLogProbabilities,
            takesTokens && tellsLogProbabilities ? await AskForScoresAsync(card.Id!, cancellationToken) : null);
    }

    private static ServerKind KindOf(ModelCard card) => card.OwnedBy switch
    {
        "vllm" => ServerKind.Vllm,
        "sglang" => ServerKind.Sglang,
        "llamacpp" => ServerKind.LlamaCpp,
        "o1coder" => ServerKind.Policy,
        _ => ServerKind.Unknown,
    };

    private ModelCard Choose(IReadOnlyList<ModelCard> cards, string model)
    {
        var names = string.Join(", ", cards.Select(card => card.Id));
        var found = model.Length > 0
            ? cards.FirstOrDefault(card => card.Id == model)
            : cards.Where(card => !string.IsNullOrEmpty(card.Id) && card.Parent is null).ToArray() is [var only] ? only : null;
        return found ?? throw new ModelFormatException(
            $"O1CODER_REMOTE_MODEL is '{model}': expected one of what {server.Host} serves: {(names.Length > 0 ? names : "nothing")}");
    }

    // Prompts as tokens are worth more than log-probabilities: without them, prefixes are written otherwise than they were read.
    private async Task<(bool Tokens, bool LogProbabilities, Completion Answer)> AskForTokenAsync(
        string model, ServerKind kind, CancellationToken cancellationToken)
    {
        var refused = "";
        foreach (var (tokens, logProbabilities) in new[] { (true, true), (true, false), (false, true), (false, false) })
        {
            try
            {
                var answer = await server.CompleteAsync(
                    RemoteRequest.For(kind, model, Prompt(tokens)) with { Logprobs = logProbabilities ? 1 : null }, cancellationToken);
                return (tokens, logProbabilities && answer.Choices is [{ Logprobs: not null }], answer);
            }
            catch (ArgumentException exception)
            {
                refused = exception.Message;
            }
        }

        throw new ModelFormatException(refused);
    }

    // Another tokenizer would turn every prompt into something else. One token more is one that the server puts first.
    private async Task CheckTokenizerAsync(string model, ServerKind kind, CancellationToken cancellationToken)
    {
        var answer = await server.CompleteAsync(
            RemoteRequest.For(kind, model, Prompt(tokens: false)), cancellationToken);
        if (answer.Usage is { } usage && usage.PromptTokens != _tokens.Length && usage.PromptTokens != _tokens.Length + 1)
        {
            throw new ModelFormatException(
                $"{server.Host} has another tokenizer: it counts {usage.PromptTokens} tokens where that of O1CODER_MODEL counts " +
                $"{_tokens.Length}: expected O1CODER_MODEL to be the folder of the model that the server runs");
        }
    }

    private async Task<int?> AskForScoresAsync(string model, CancellationToken cancellationToken)
    {
        foreach (var drawn in new[] { 1, 0 })
        {
            try
            {
                var answer = await server.CompleteAsync(RemoteRequest.ForScores(model, _tokens, drawn), cancellationToken);
                if (RemoteScores.Read(answer, _tokens.Length) is not null)
                {
                    return drawn;
                }
            }
            catch (ArgumentException)
            {
                // Not in this way.
                continue;
            }
        }

        return null;
    }

    private JsonElement Prompt(bool tokens) => tokens
        ? JsonSerializer.SerializeToElement(_tokens, OpenAiJson.Default.Int32Array)
        : JsonSerializer.SerializeToElement(Text, OpenAiJson.Default.String);
}
