namespace O1Coder.Inference.Cpu;

/// <summary>General registers of x86-64 by their numbers; those of a called function's own on Linux, and where its first argument is.</summary>
internal enum General
{
    Rax = 0,
    Rcx = 1,
    Rdx = 2,

    /// <summary>Belongs to the caller.</summary>
    Rsp = 4,
    Rsi = 6,

    /// <summary>The first argument.</summary>
    Rdi = 7,
    R8 = 8,
    R9 = 9,
    R10 = 10,
    R11 = 11,
}
