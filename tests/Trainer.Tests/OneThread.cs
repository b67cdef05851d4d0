using System.Runtime.CompilerServices;

namespace O1Coder.Trainer.Tests;

/// <summary>Tiny models gain nothing from a second thread, and lose much where another program has the other core.</summary>
internal static class OneThread
{
    [ModuleInitializer]
    public static void Set() => Environment.SetEnvironmentVariable("O1CODER_THREADS", "1");
}
