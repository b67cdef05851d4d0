namespace O1Coder.Policy;

/// <summary>Loads the model that the options name.</summary>
internal interface IModelLoader
{
    /// <summary>Loads; takes seconds and computes on the caller's thread.</summary>
    /// <exception cref="Models.ModelFormatException">The model is missing or not valid.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    LoadedModel Load(CancellationToken cancellationToken);
}
