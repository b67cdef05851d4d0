using O1Coder.Models;

namespace O1Coder.Policy.Tests;

/// <summary>The embedded model's tokenizer and description, opened once; no test here computes with its weights.</summary>
internal static class EmbeddedModel
{
    private static readonly Lazy<LanguageModel> s_model = new(() => LanguageModel.Open(Repository.EmbeddedModel, verifyHashes: false));

    public static LanguageModel Shared => s_model.Value;

    public static string Folder => Repository.EmbeddedModel;
}
