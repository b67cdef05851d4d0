using Grpc.Core;
using O1Coder.Learning.Training;
using O1Coder.Problems.DataSets;
using O1Coder.Problems.Training;
using O1Coder.ServiceDefaults;

namespace O1Coder.Trainer;

/// <summary>Reads a job's data set once before the job is taken on, so that a broken line is told at once.</summary>
internal static class DataCheck
{
    /// <summary>Checks every line.</summary>
    /// <exception cref="RpcException">NotFound: no such file. InvalidArgument: a line is broken, of another kind, or there is none.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Run(TrainingSpec spec, CancellationToken cancellationToken)
    {
        if (!File.Exists(spec.DataPath))
        {
            throw new RpcException(new Status(StatusCode.NotFound, $"job.data_path is '{spec.DataPath}': no such file"));
        }

        try
        {
            var lines = 0;
            foreach (var example in Examples(spec))
            {
                cancellationToken.ThrowIfCancellationRequested();
                lines++;
                if (spec.Method == TrainingMethod.PrmHard && example is StepwiseExample stepwise &&
                    stepwise.Labels.FirstOrDefault(label => label is not (0 or 1), 0) is not 0 and var label)
                {
                    InvalidArgument.Throw("job.data_path", $"{spec.DataPath} with a label of {label} in example {lines}", "labels of 0 or 1 for PRM_HARD");
                }
            }

            InvalidArgument.ThrowUnless(lines > 0, "job.data_path", spec.DataPath, "a file with at least one example");
        }
        catch (DataSetFormatException exception)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"job.data_path: {exception.Message.ReplaceLineEndings(" ")}"));
        }
    }

    private static IEnumerable<TrainingExample> Examples(TrainingSpec spec) => spec.Method switch
    {
        TrainingMethod.Sft => TrainingFile.Stream<CompletionExample>(spec.DataPath),
        TrainingMethod.Dpo => TrainingFile.Stream<PreferenceExample>(spec.DataPath),
        TrainingMethod.PrmPairs => TrainingFile.Stream<StepwisePreferenceExample>(spec.DataPath),
        _ => TrainingFile.Stream<StepwiseExample>(spec.DataPath),
    };
}
