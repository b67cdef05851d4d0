namespace O1Coder.Sandbox.Languages;

/// <summary>What of the host a box sees, read-only.</summary>
/// <param name="Binds">Files and folders, seen where they are.</param>
/// <param name="Links">Symbolic links of the root: the path, and what the link says.</param>
internal sealed record BoxView(IReadOnlyList<string> Binds, IReadOnlyList<IReadOnlyList<string>> Links)
{
    private static readonly string[] s_rootFolders = ["/lib", "/lib64", "/bin", "/sbin", "/lib32"];

    /// <summary>Nothing.</summary>
    public static BoxView Empty { get; } = new([], []);

    /// <summary>
    /// Makes a view of existing files and folders. Where the distribution's /lib is a link into /usr, as most have it, the
    /// box gets the link and the files lie where it points, since linker scripts and loaders name both.
    /// </summary>
    public static BoxView Of(IEnumerable<string> paths)
    {
        var wanted = paths.Where(path => File.Exists(path) || Directory.Exists(path)).Select(Resolve).Distinct().Order(StringComparer.Ordinal).ToList();
        var folders = wanted.Where(Directory.Exists).ToList();
        var binds = wanted.Where(path => !folders.Any(folder => path.StartsWith(folder + "/", StringComparison.Ordinal))).ToList();
        var links = s_rootFolders.Select(path => (Path: path, Target: Directory.Exists(path) ? new DirectoryInfo(path).LinkTarget : null))
            .Where(link => link.Target is not null && binds.Exists(bind => bind.StartsWith("/" + link.Target!.TrimStart('/') + "/", StringComparison.Ordinal)))
            .Select(link => (IReadOnlyList<string>)[link.Path, link.Target!]);
        return new BoxView(binds, [.. links]);
    }

    /// <summary>Both.</summary>
    public BoxView With(BoxView other) => Of(Binds.Concat(other.Binds));

    // The folder's links are followed and the last name is kept: a library is opened by the name that its users know.
    private static string Resolve(string path)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full)!;
        return Path.Combine(RealPath.Of(folder), Path.GetFileName(full));
    }
}
