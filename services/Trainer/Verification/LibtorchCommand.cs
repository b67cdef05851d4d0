using O1Coder.Learning.Native;

namespace O1Coder.Trainer;

/// <summary><c>Trainer libtorch</c>: loads the native libraries, for <c>o1coder doctor</c>.</summary>
internal static class LibtorchCommand
{
    private const int BadInput = 2;

    /// <summary>Runs the command.</summary>
    /// <returns>0, or 2 where they cannot be loaded; one line says why.</returns>
    public static int Run(TextWriter output, TextWriter errors)
    {
        try
        {
            NativeTorch.Load();
            output.WriteLine("libtorch loads");
            return 0;
        }
        catch (NativeTorchException exception)
        {
            errors.WriteLine($"error: {exception.Message.ReplaceLineEndings(" ")}");
            return BadInput;
        }
    }
}
