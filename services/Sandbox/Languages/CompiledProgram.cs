namespace O1Coder.Sandbox.Languages;

/// <summary>A compiled program for as long as somebody runs it, or why there is none. Dispose it to let the cache forget it.</summary>
internal sealed class CompiledProgram(CacheEntry entry, bool isCached, Action release) : IDisposable
{
    private Action? _release = release;

    /// <summary>What the compiler came to.</summary>
    public CompileOutcome Outcome => entry.Outcome;

    /// <summary>The folder that holds the program's files.</summary>
    public string Folder => entry.Folder;

    /// <summary>Whether nothing had to be compiled for it.</summary>
    public bool IsCached => isCached;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
