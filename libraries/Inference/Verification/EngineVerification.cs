using System.Text.Json;
using O1Coder.Models;
using O1Coder.Models.Verification;

namespace O1Coder.Inference.Verification;

/// <summary>
/// Finds reference numbers of tokenizers, chat templates and models anywhere under a folder, and runs them on every back end and
/// every kind of instructions that this machine has, in both accuracies: <c>tokenizer-*.json</c>, <c>embedded-model*.json</c>,
/// and folders with config.json and expected.json.
/// </summary>
public sealed class EngineVerification : IDisposable
{
    private const string TokenizerCases = "tokenizer-*.json";
    private const string PromptCases = "embedded-model*.json";

    /// <summary>What <see cref="Find"/> looks for, for people.</summary>
    public const string Expected = $"{TokenizerCases}, {PromptCases}, or folders with config.json and expected.json";

    private readonly Lazy<LanguageModel> _model;

    /// <summary>Looks at nothing yet.</summary>
    /// <param name="model">The model that the files are about which lie beside none of their own; opened when one is run.</param>
    public EngineVerification(string model) => _model = new(() => LanguageModel.Open(model, verifyHashes: false));

    /// <summary>What there is to run: tokenizers, then small models, then prompts of the model.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public IReadOnlyList<VerificationSource> Find(string folder)
    {
        return
        [
            .. Files(TokenizerCases).Select(path => Source(path, path, (fields, _, _) => TokenizerCase.Run(fields, path, _model))),
            .. ModelCaseFolder.Find(folder).Order(StringComparer.Ordinal).Select(path => Source(
                path, Path.Combine(path, ModelCaseFolder.FileName),
                (fields, threads, cancellation) => ModelCase.RunAsync(fields, path, threads, cancellation).GetAwaiter().GetResult())),
            .. Files(PromptCases).Select(path => Source(path, path,
                (fields, threads, cancellation) => PromptCase.RunAsync(fields, _model.Value, threads, cancellation).GetAwaiter().GetResult())),
        ];

        IEnumerable<string> Files(string pattern) => CaseFiles.Find(folder, pattern).Order(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_model.IsValueCreated)
        {
            _model.Value.Dispose();
        }
    }

    // A file that cannot be read, or a model that cannot be opened, is a failure: what was not checked has not passed.
    private static VerificationSource Source(
        string path, string file, Func<CaseFields, int, CancellationToken, IReadOnlyList<CaseResult>> run) => new(path, (threads, cancellation) =>
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var results = run(new CaseFields(document.RootElement), threads, cancellation);
            return results.Count > 0 ? results : [new CaseResult("file", Path.GetFileName(file), "expects nothing that is known")];
        }
        catch (Exception exception) when (CaseFailure.IsOne(exception))
        {
            return [new CaseResult("file", Path.GetFileName(file), CaseFailure.Describe(exception))];
        }
    });
}
