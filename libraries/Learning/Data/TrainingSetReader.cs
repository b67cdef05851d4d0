using O1Coder.Learning.Training;
using O1Coder.Learning.Transformer;
using O1Coder.Problems.Training;

namespace O1Coder.Learning.Data;

/// <summary>Reads a run's data set and turns it into tokens.</summary>
internal static class TrainingSetReader
{
    private const string EndOfTurn = "<|im_end|>";

    /// <summary>Reads the file that a specification names.</summary>
    /// <exception cref="TrainingException">A line is not what it should be, or there is none; the message names it.</exception>
    /// <exception cref="FormatException">A line is broken; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TrainingSet Read(TrainingSpec spec, BaseModel model, CancellationToken cancellationToken)
    {
        var builder = Builder(spec, model);
        IEnumerable<TrainingUnit> Each<T>(Func<string, T, TrainingUnit> build)
            where T : TrainingExample =>
            TrainingFile.Stream<T>(spec.DataPath).Select((example, i) => build(Name(spec, example, i), example));
        var units = spec.Method switch
        {
            TrainingMethod.Sft => Each<CompletionExample>(builder.Completion),
            TrainingMethod.Dpo => Each<PreferenceExample>(builder.Preference),
            TrainingMethod.PrmHard => Each<StepwiseExample>((name, example) => builder.Stepwise(name, example, hard: true)),
            TrainingMethod.PrmSoft => Each<StepwiseExample>((name, example) => builder.Stepwise(name, example, hard: false)),
            _ => Each<StepwisePreferenceExample>(builder.StepwisePreference),
        };
        return Fit(spec, model, units, cancellationToken);
    }

    /// <summary>The label's only token.</summary>
    /// <exception cref="TrainingException">It is none, or several; the message names the field.</exception>
    public static int LabelToken(BaseModel model, string field, string label)
    {
        var ids = Require(model).Tokenizer.Encode(label, parseSpecial: false);
        return ids.Length == 1
            ? ids[0]
            : throw new TrainingException(TrainingFailure.Input, $"{field} is '{label}', {ids.Length} tokens of {model.Id}: expected one");
    }

    private static TrainingSet Fit(TrainingSpec spec, BaseModel model, IEnumerable<TrainingUnit> units, CancellationToken cancellationToken)
    {
        var most = Math.Min(spec.Optimizer.MaxRowTokens, model.Weights.Description.FullAttentionLength);
        var kept = new List<TrainingUnit>();
        var skipped = 0;
        foreach (var unit in units)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (unit.LongestRow <= most)
            {
                kept.Add(unit);
            }
            else if (spec.Optimizer.SkipLongRows)
            {
                skipped++;
            }
            else
            {
                throw new TrainingException(
                    TrainingFailure.Input,
                    $"{unit.Name}: a row of {unit.LongestRow} tokens: expected at most {most}, or optimizer.skip_long_rows");
            }
        }

        return kept.Count > 0
            ? new(kept, skipped)
            : throw new TrainingException(
                TrainingFailure.Input, $"{spec.DataPath}: nothing to train on ({skipped} rows are too long): expected at least one example");
    }

    private static RowBuilder Builder(TrainingSpec spec, BaseModel model)
    {
        var (tokenizer, template) = Require(model);
        var endOfTurn = tokenizer.FindSpecialToken(EndOfTurn) ?? model.Weights.Description.EndOfTurnTokens[0];
        return new(tokenizer, template, endOfTurn, spec.Prm.Tag);
    }

    private static (Models.ITokenizer Tokenizer, Models.ChatTemplate Template) Require(BaseModel model) => model.Text
        ?? throw new TrainingException(
            TrainingFailure.Input, $"the model folder of {model.Id} has no tokenizer that is known: expected a GGUF model to train on text");

    private static string Name(TrainingSpec spec, TrainingExample example, int index) => example.Id.Length > 0
        ? $"{spec.DataPath}, example {index + 1} ({example.Id})"
        : $"{spec.DataPath}, example {index + 1}";
}
