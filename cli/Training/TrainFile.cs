using O1Coder.Problems.DataSets;
using O1Coder.Problems.Training;
using O1Coder.V1;
using TrainingExample = O1Coder.Problems.Training.TrainingExample;

namespace O1Coder.Cli.Training;

/// <summary>Reads a data set once before anything is started, so that a broken line is told at once. The Trainer checks it too.</summary>
internal static class TrainFile
{
    /// <summary>Checks every line.</summary>
    /// <param name="path">The file.</param>
    /// <param name="method">What its lines have to be.</param>
    /// <exception cref="BadInputException">
    /// A line is malformed or of another kind, or there is none; the message names file, line and field.
    /// </exception>
    public static void Check(string path, TrainingMethod method)
    {
        try
        {
            var count = 0;
            foreach (var example in Read(path, method))
            {
                count++;
                if (method == TrainingMethod.PrmHard && example is StepwiseExample stepwise &&
                    stepwise.Labels.FirstOrDefault(label => label is not (0 or 1), 0) is not 0 and var label)
                {
                    throw new BadInputException($"{path}: \"labels\" of example {count} holds {label}; expected 0 or 1 with --loss hard");
                }
            }

            if (count == 0)
            {
                throw new BadInputException($"{path} holds no example; expected at least one");
            }
        }
        catch (DataSetFormatException exception)
        {
            throw new BadInputException(exception.Message);
        }
    }

    private static IEnumerable<TrainingExample> Read(string path, TrainingMethod method) => method switch
    {
        TrainingMethod.Sft => TrainingFile.Stream<CompletionExample>(path),
        TrainingMethod.Dpo => TrainingFile.Stream<PreferenceExample>(path),
        TrainingMethod.PrmPairs => TrainingFile.Stream<StepwisePreferenceExample>(path),
        _ => TrainingFile.Stream<StepwiseExample>(path),
    };
}
