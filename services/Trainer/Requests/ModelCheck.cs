using Grpc.Core;
using Microsoft.Extensions.Options;
using O1Coder.Learning.Training;
using O1Coder.Models;

namespace O1Coder.Trainer;

/// <summary>Checks the base model's folder, and that a start adapter is this model's, before a job is taken on.</summary>
internal sealed class ModelCheck(IOptions<TrainerOptions> options)
{
    private readonly Lock _lock = new();
    private ModelDescription? _description;

    /// <summary>Checks model and start adapter.</summary>
    /// <exception cref="RpcException">
    /// NotFound: no such folder. FailedPrecondition: the model is not what it should be. InvalidArgument: the adapter is not.
    /// </exception>
    public void Run(TrainingSpec spec)
    {
        var model = Describe();
        if (spec.StartAdapter.Length == 0)
        {
            return;
        }

        if (!Directory.Exists(spec.StartAdapter))
        {
            throw new RpcException(new Status(StatusCode.NotFound, $"job.start_adapter is '{spec.StartAdapter}': no such folder"));
        }

        try
        {
            PeftFolder.Read(spec.StartAdapter, model);
        }
        catch (ModelFormatException exception)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"job.start_adapter: {exception.Message.ReplaceLineEndings(" ")}"));
        }
    }

    private ModelDescription Describe()
    {
        lock (_lock)
        {
            var folder = options.Value.Model;
            if (!Directory.Exists(folder))
            {
                throw new RpcException(new Status(StatusCode.NotFound, $"O1CODER_MODEL is '{folder}': no such folder"));
            }

            try
            {
                return _description ??= Read(folder);
            }
            catch (ModelFormatException exception)
            {
                throw new RpcException(new Status(StatusCode.FailedPrecondition, $"O1CODER_MODEL: {exception.Message.ReplaceLineEndings(" ")}"));
            }
        }
    }

    private static ModelDescription Read(string folder)
    {
        var description = Describe(folder);
        description.RefuseQueryKeyNorm("the trainer");
        return description;
    }

    private static ModelDescription Describe(string folder)
    {
        if (HuggingFaceFolder.IsOne(folder))
        {
            using var weights = HuggingFaceFolder.Open(folder);
            return weights.Description;
        }

        using var model = LanguageModel.Open(folder, verifyHashes: false);
        return model.Description;
    }
}
