namespace O1Coder.Policy.OpenAi;

/// <summary>Whole answers in a chat.</summary>
/// <param name="Id">The request's id.</param>
/// <param name="Object">"chat.completion".</param>
/// <param name="Created">Unix time in seconds.</param>
/// <param name="Model">The model or adapter that answered.</param>
/// <param name="Choices">The answers.</param>
/// <param name="Usage">The cost.</param>
internal sealed record ChatCompletion(
    string Id, string Object, long Created, string Model, IReadOnlyList<ChatChoice> Choices, Usage? Usage);
