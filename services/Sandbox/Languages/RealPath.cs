namespace O1Coder.Sandbox.Languages;

/// <summary>Follows symbolic links.</summary>
internal static class RealPath
{
    private const int MostLinks = 40; // as path_resolution(7)

    /// <summary>The path without any link in it; a part that is not there stays as it is.</summary>
    /// <exception cref="IOException">More than 40 links.</exception>
    public static string Of(string path)
    {
        var (left, done, links) = (new Stack<string>(Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse()), "/", 0);
        while (left.TryPop(out var part))
        {
            var next = Path.Combine(done, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                done = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new IOException($"'{path}' goes through more than {MostLinks} links");
            }

            foreach (var piece in Path.GetFullPath(target, done).Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                left.Push(piece);
            }

            done = "/";
        }

        return done;
    }
}
