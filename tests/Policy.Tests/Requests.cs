namespace O1Coder.Policy.Tests;

/// <summary>Requests that are valid until a test spoils one.</summary>
internal static class Requests
{
    public static V1.GenerateRequest Generate(params V1.PromptPart[] parts) => new()
    {
        Prompt = new V1.Prompt { Parts = { parts.Length > 0 ? parts : [Text("def f():")] } },
        Sequences = 2,
        Sampling = new V1.SamplingParameters { Temperature = 0.5f, TopK = 40, TopP = 0.9f, MaxTokens = 8, Stop = { "\n\n" }, Seed = 7 },
    };

    public static V1.ScoreRequest Score() => new()
    {
        Prompt = new V1.Prompt { Parts = { Text("def") } },
        Continuation = new V1.Prompt { Parts = { Tokens(1, 2, 3) } },
    };

    public static V1.PromptPart Text(string text) => new() { Text = text };

    public static V1.PromptPart Tokens(params int[] ids) => new() { Tokens = new V1.TokenSequence { Ids = { ids } } };

    public static V1.PromptPart Chat(params (V1.ChatRole Role, string Content)[] messages) => new()
    {
        Chat = new V1.ChatPrompt
        {
            Messages = { messages.Select(message => new V1.ChatMessage { Role = message.Role, Content = message.Content }) },
        },
    };
}
