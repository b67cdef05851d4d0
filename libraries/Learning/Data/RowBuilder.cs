using O1Coder.Learning.Training;
using O1Coder.Models;
using O1Coder.Problems.Training;

namespace O1Coder.Learning.Data;

/// <summary>
/// Examples as tokens, made as Policy makes them when it serves: part by part, each tokenised by itself, special tokens
/// only where the chat template puts them.
/// </summary>
public sealed class RowBuilder
{
    private readonly ITokenizer _tokenizer;
    private readonly ChatTemplate _template;
    private readonly int _endOfTurn;
    private readonly int[] _tag;

    /// <summary>Makes a builder.</summary>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="template">The model's.</param>
    /// <param name="endOfTurn">The token that ends an answer.</param>
    /// <param name="tag">The text after each step of a process reward.</param>
    public RowBuilder(ITokenizer tokenizer, ChatTemplate template, int endOfTurn, string tag)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(tag);
        _tokenizer = tokenizer;
        _template = template;
        _endOfTurn = endOfTurn;
        _tag = Encode(tag);
    }

    /// <summary>A prompt with its answer; every token of the answer and its end is scored.</summary>
    /// <param name="name">Where it comes from, for people.</param>
    /// <param name="example">The example.</param>
    /// <exception cref="TrainingException">It cannot be tokenised; the message names it.</exception>
    public TrainingUnit Completion(string name, CompletionExample example)
    {
        ArgumentNullException.ThrowIfNull(example);
        return Guarded(name, () => new(name, [Answered(example.Prompt, example.Completion)], []));
    }

    /// <summary>A prompt with a better and a worse answer.</summary>
    /// <param name="name">Where it comes from, for people.</param>
    /// <param name="example">The example.</param>
    /// <exception cref="TrainingException">It cannot be tokenised; the message names it.</exception>
    public TrainingUnit Preference(string name, PreferenceExample example)
    {
        ArgumentNullException.ThrowIfNull(example);
        return Guarded(name, () => new(name, [Answered(example.Prompt, example.Chosen), Answered(example.Prompt, example.Rejected)], []));
    }

    /// <summary>A path of labelled steps; scores are read at the last token of each step's text, one before the tag.</summary>
    /// <param name="name">Where it comes from, for people.</param>
    /// <param name="example">The example.</param>
    /// <param name="hard">Whether labels must be 0 or 1.</param>
    /// <exception cref="TrainingException">It cannot be tokenised, or a label is none; the message names it.</exception>
    public TrainingUnit Stepwise(string name, StepwiseExample example, bool hard)
    {
        ArgumentNullException.ThrowIfNull(example);
        foreach (var label in example.Labels)
        {
            if (!(label is >= 0 and <= 1) || (hard && label is not (0 or 1)))
            {
                throw Bad(name, $"a label is {label}: expected {(hard ? "0 or 1" : "a number from 0 to 1")}");
            }
        }

        return example.Labels.Count == example.Completions.Count
            ? Guarded(name, () => new(name, [Steps(name, example.Prompt, example.Completions, all: true)], [.. example.Labels]))
            : throw Bad(name, $"it has {example.Completions.Count} steps and {example.Labels.Count} labels: expected as many");
    }

    /// <summary>Two next steps after one prefix; scores are read at the last token of each.</summary>
    /// <param name="name">Where it comes from, for people.</param>
    /// <param name="example">The example.</param>
    /// <exception cref="TrainingException">It cannot be tokenised; the message names it.</exception>
    public TrainingUnit StepwisePreference(string name, StepwisePreferenceExample example)
    {
        ArgumentNullException.ThrowIfNull(example);
        TrainingRow Row(string step) => Steps(name, example.Prompt, [.. example.Prefix, step], all: false);
        return Guarded(name, () => new(name, [Row(example.Chosen), Row(example.Rejected)], []));
    }

    private static TrainingException Bad(string name, string problem) => new(TrainingFailure.Input, $"{name}: {problem}");

    private static TrainingUnit Guarded(string name, Func<TrainingUnit> build)
    {
        try
        {
            return build();
        }
        catch (ArgumentException exception)
        {
            throw new TrainingException(TrainingFailure.Input, $"{name}: {exception.Message.ReplaceLineEndings(" ")}", inner: exception);
        }
    }

    private TrainingRow Answered(Prompt prompt, string completion)
    {
        var ids = prompt.IsChat
            ? _template.Render([.. prompt.Messages.Select(message => new ChatMessage(Role(message.Role), message.Content))], addGenerationPrompt: true)
            : Encode(prompt.Text);
        if (ids.Length == 0)
        {
            throw new ArgumentException("the prompt is empty: expected at least one token");
        }

        int[] answer = [.. Encode(completion), _endOfTurn];
        return new([.. ids, .. answer], [.. Enumerable.Range(ids.Length - 1, answer.Length)]);
    }

    private TrainingRow Steps(string name, string prompt, IReadOnlyList<string> steps, bool all)
    {
        var ids = new List<int>(Encode(prompt));
        var places = new List<int>();
        for (var i = 0; i < steps.Count; i++)
        {
            ids.AddRange(i == 0 ? [] : _tag);
            var step = Encode(steps[i]);
            if (step.Length == 0)
            {
                throw Bad(name, $"step {i + 1} is empty: expected at least one token");
            }

            ids.AddRange(step);
            if (all || i == steps.Count - 1)
            {
                places.Add(ids.Count - 1);
            }
        }

        // What comes after the last score, the last tag, changes nothing.
        return places.Count > 0 ? new([.. ids], [.. places]) : throw Bad(name, "it has no steps: expected at least one");
    }

    private static ChatRole Role(string role) => role switch
    {
        "system" => ChatRole.System,
        "user" => ChatRole.User,
        "assistant" => ChatRole.Assistant,
        _ => throw new ArgumentException($"a role is '{role}': expected system, user or assistant"),
    };

    private int[] Encode(string text) => _tokenizer.Encode(text, parseSpecial: false);
}
