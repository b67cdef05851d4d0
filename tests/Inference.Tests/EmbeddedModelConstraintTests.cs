using System.Text.Json;
using System.Text.RegularExpressions;
using O1Coder.Models;

namespace O1Coder.Inference.Tests;

/// <summary>Constraints with the embedded model's own vocabulary.</summary>
public sealed class EmbeddedModelConstraintTests(EmbeddedModelFixture models)
{
    [Fact]
    public async Task Answers_match_a_regular_expression_and_a_grammar()
    {
        var question = Ask("Give the capital of France as a JSON object.");
        var regex = Constraint.FromRegex(@"\{""capital"": ""[A-Z][a-zé]{2,11}"", ""people"": [1-9][0-9]{0,7}\}");
        var first = await Answer(question with { Sampling = new SamplingOptions { MaxTokens = 40, Constraint = regex } });
        Assert.Equal(FinishReason.EndOfTurn, first.Reason);
        Assert.Matches(new Regex($@"\A{regex.Text}\z"), first.Text);
        Assert.Contains("Paris", first.Text, StringComparison.Ordinal);

        var grammar = Constraint.FromGrammar(GrammarConstraintTests.Json);
        var second = await Answer(question with
        {
            ForcedPrefix = models.Model.Tokenizer.Encode("{\"capital\":\"", parseSpecial: false),
            Sampling = new SamplingOptions { MaxTokens = 40, Temperature = 0.7f, MinP = 0.2f, Seed = 1, Constraint = grammar },
        });
        Assert.Equal(FinishReason.EndOfTurn, second.Reason);
        using var document = JsonDocument.Parse(second.Text);
        Assert.NotEmpty(document.RootElement.GetProperty("capital").GetString()!);
    }

    private async Task<SequenceFinished> Answer(GenerationRequest request) =>
        (await Answers.Of(models.Engine(Precision.Fast), request, TestContext.Current.CancellationToken)).Finished[0];

    private GenerationRequest Ask(string question) => new()
    {
        Prompt = models.Model.ChatTemplate.Render([new ChatMessage(ChatRole.User, question)], true),
        Sampling = new SamplingOptions { MaxTokens = 1 },
    };
}
