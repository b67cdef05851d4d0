using O1Coder.Learning.Data;
using O1Coder.Learning.Training;
using O1Coder.Models;
using O1Coder.Problems.Training;

namespace O1Coder.Learning.Tests;

/// <summary>Text to adapter with the embedded model.</summary>
public sealed class EmbeddedModelRunTests
{
    private static CompletionExample Example(string answer) =>
        new(new Prompt { Messages = [new("user", "Say <|im_end|> it.")] }, answer) { Id = "one" };

    [Fact]
    public void AnAnswerIsTokenisedAfterTheTemplateAndEndsItsTurn()
    {
        using var model = LanguageModel.Open(Repository.EmbeddedModel, verifyHashes: false, TestContext.Current.CancellationToken);
        var builder = new RowBuilder(model.Tokenizer, model.ChatTemplate, model.Tokenizer.FindSpecialToken("<|im_end|>")!.Value, " Rating");
        var row = Assert.Single(builder.Completion("one", Example("yes <|im_end|>")).Rows);
        var prompt = model.ChatTemplate.Render([new(ChatRole.User, "Say <|im_end|> it.")], addGenerationPrompt: true);
        int[] answer = [.. model.Tokenizer.Encode("yes <|im_end|>", parseSpecial: false), 151645];
        Assert.Equal([.. prompt, .. answer], row.Ids);
        Assert.Equal(Enumerable.Range(prompt.Length - 1, answer.Length), row.Places);
    }

    [Fact]
    public void AStepIsScoredAtItsLastTokenOneBeforeTheTag()
    {
        using var model = LanguageModel.Open(Repository.EmbeddedModel, verifyHashes: false, TestContext.Current.CancellationToken);
        int[] Encode(string text) => model.Tokenizer.Encode(text, parseSpecial: false);
        var builder = new RowBuilder(model.Tokenizer, model.ChatTemplate, 0, " Rating");
        var unit = builder.Stepwise("one", new("Problem.\n", ["First step.", "Second."], [1, 0]), hard: true);
        var row = Assert.Single(unit.Rows);
        int[] first = [.. Encode("Problem.\n"), .. Encode("First step.")];
        Assert.Equal([.. first, .. Encode(" Rating"), .. Encode("Second.")], row.Ids);
        Assert.Equal([first.Length - 1, row.Ids.Length - 1], row.Places);

        var pair = builder.StepwisePreference("two", new("Problem.\n", ["First step."], "Second.", "Worse."));
        Assert.Equal(row.Ids, pair.Rows[0].Ids);
        Assert.Equal([pair.Rows[1].Ids.Length - 1], pair.Rows[1].Places);
        var failure = Assert.Throws<TrainingException>(() => builder.Stepwise("three", new("P", ["s"], [0.5]), hard: true));
        Assert.Equal("three: a label is 0.5: expected 0 or 1", failure.Message);
    }

    [Fact]
    public void AFileOfTextBecomesAnAdapterThatKnowsItBetter()
    {
        using var run = new TinyRun();
        var data = Path.Combine(run.Folder, "data.jsonl");
        TrainingFile.Write(data, [Example("qwertz uiop"), Example("asdf ghjk")]);
        var spec = run.Spec(TrainingMethod.Sft, spec => spec with { LearningRate = 2e-3, Epochs = 2, Accumulation = 1, WarmupSteps = 0 }) with
        {
            DataPath = data,
            BasePrecision = BasePrecision.BFloat16,
        };
        var outcome = new TrainingRun(spec, Repository.EmbeddedModel, 1).Run(_ => { }, TestContext.Current.CancellationToken);
        Assert.True(outcome.EpochLosses[^1] < outcome.EpochLosses[0], string.Join(", ", outcome.EpochLosses));
        Assert.Equal(2, outcome.Rows);

        var tooLong = spec with { OutputFolder = run.Output + "2", Optimizer = spec.Optimizer with { MaxRowTokens = 20 } };
        var failure = Assert.Throws<TrainingException>(
            () => new TrainingRun(tooLong, Repository.EmbeddedModel, 1).Run(_ => { }, TestContext.Current.CancellationToken));
        Assert.Equal(TrainingFailure.Input, failure.Failure);
        Assert.StartsWith($"{data}, example 1 (one): a row of", failure.Message, StringComparison.Ordinal);
    }
}
