using O1Coder.Learning.Native;
using O1Coder.ServiceDefaults;

namespace O1Coder.Trainer;

/// <summary><c>Trainer libtorch</c>: loads the native libraries, for <c>o1coder doctor</c>; one line says why they cannot be.</summary>
internal sealed class LibtorchCommand() : ServiceCommand("libtorch")
{
    /// <inheritdoc/>
    protected override Task<int> RunAsync(IReadOnlyList<string> words, TextWriter output, CancellationToken cancellationToken)
    {
        NativeTorch.Load();
        output.WriteLine("libtorch loads");
        return Task.FromResult(0);
    }

    /// <inheritdoc/>
    protected override bool IsBadInput(Exception exception) => exception is NativeTorchException;
}
