using O1Coder.Problems.Training;

namespace O1Coder.Coordinator;

/// <summary>Training examples as the wire has them, as the library writes them.</summary>
internal static class TrainingMapping
{
    /// <summary>The example.</summary>
    /// <exception cref="InvalidDataException">The example is of no kind.</exception>
    public static TrainingExample FromWire(V1.TrainingExample example) => example.KindCase switch
    {
        V1.TrainingExample.KindOneofCase.Completion =>
            new CompletionExample(PromptOf(example.Completion.Prompt), example.Completion.Completion) { Id = example.Id },
        V1.TrainingExample.KindOneofCase.Preference =>
            new PreferenceExample(PromptOf(example.Preference.Prompt), example.Preference.Chosen, example.Preference.Rejected) { Id = example.Id },
        V1.TrainingExample.KindOneofCase.Stepwise =>
            new StepwiseExample(example.Stepwise.Prompt, [.. example.Stepwise.Completions], [.. example.Stepwise.Labels]) { Id = example.Id },
        V1.TrainingExample.KindOneofCase.StepwisePreference => new StepwisePreferenceExample(
            example.StepwisePreference.Prompt, [.. example.StepwisePreference.Prefix], example.StepwisePreference.Chosen,
            example.StepwisePreference.Rejected)
        { Id = example.Id },
        _ => throw new InvalidDataException($"example '{example.Id}' is of no kind: expected a completion, a preference or steps"),
    };

    private static Prompt PromptOf(IEnumerable<V1.ChatMessage> messages) => new()
    {
        Messages = [.. messages.Select(message => new PromptMessage(RoleOf(message.Role), message.Content))],
    };

    private static string RoleOf(V1.ChatRole role) => role switch
    {
        V1.ChatRole.System => "system",
        V1.ChatRole.Assistant => "assistant",
        _ => "user",
    };
}
