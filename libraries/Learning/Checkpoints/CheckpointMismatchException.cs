namespace O1Coder.Learning.Checkpoints;

/// <summary>A folder holds the checkpoints of another run.</summary>
/// <param name="folder">The folder.</param>
internal sealed class CheckpointMismatchException(string folder) : Exception(
    $"{folder} holds checkpoints of another job (other data, options, model or kind of processor): expected none; choose another output_folder or delete it");
