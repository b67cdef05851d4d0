namespace O1Coder.Sandbox.Languages;

/// <summary>What the GNU compilers, and what links by them, need of the machine.</summary>
internal static class GnuToolchain
{
    private static readonly string[] s_startFiles = ["crt1.o", "Scrt1.o", "crti.o", "crtn.o"];

    // Some are linker scripts that name others, which are therefore listed too.
    private static readonly string[] s_libraries =
    [
        "libc.so", "libc.so.6", "libc_nonshared.a", "libm.so", "libm.so.6", "libmvec.so.1", "libpthread.a", "libdl.a", "librt.a", "libutil.a",
        "libstdc++.so.6", "libgcc_s.so.1",
    ];

    /// <summary>
    /// Finds a GNU driver and asks it for everything that a compilation opens. What lies under /usr/local is left out: it
    /// is the machine's and not the language's.
    /// </summary>
    /// <param name="probe">The probe.</param>
    /// <param name="driver">g++ or gcc.</param>
    /// <param name="compiler">Its compiler proper: cc1plus, cc1, or null where it only links.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when the driver is not here or not complete.</returns>
    public static async Task<InstalledToolchain?> FindAsync(
        ToolchainProbe probe, string driver, string? compiler, CancellationToken cancellationToken)
    {
        if (ToolchainProbe.Which(driver) is not { } path
            || await probe.AskAsync(path, ["-dumpfullversion"], cancellationToken) is not { Length: > 0 } version)
        {
            return null;
        }

        var programs = new List<string>();
        foreach (var name in compiler is null ? ["collect2", "as", "ld"] : new[] { compiler, "collect2", "as", "ld" })
        {
            var said = await probe.AskAsync(path, [$"-print-prog-name={name}"], cancellationToken);
            var program = said is null ? null : Path.IsPathRooted(said) ? said : ToolchainProbe.Which(said);
            if (program is null || !File.Exists(program))
            {
                return null;
            }

            programs.Add(Path.GetFullPath(program));
        }

        var files = new List<string> { path };
        files.AddRange(programs);
        foreach (var name in s_startFiles.Concat(s_libraries))
        {
            // It answers with the bare name for what it does not find.
            if (await probe.AskAsync(path, [$"-print-file-name={name}"], cancellationToken) is { } file && Path.IsPathRooted(file))
            {
                files.Add(Path.GetFullPath(file));
            }
        }

        if (await probe.AskAsync(path, ["-print-file-name=crtbeginS.o"], cancellationToken) is { } own && Path.IsPathRooted(own))
        {
            files.Add(Path.GetDirectoryName(Path.GetFullPath(own))!);
        }

        if (compiler is not null)
        {
            files.AddRange(await IncludeFoldersAsync(probe, programs[0], path, driver, cancellationToken));
        }

        // The driver looks for its parts beside its own name: /usr/bin/g++ is a chain of links to the file.
        files.Add(RealPath.Of(path));
        files.AddRange(await probe.SharedObjectsAsync(RealPath.Of(path), programs, cancellationToken));
        var plugin = await probe.AskAsync(path, ["-print-file-name=liblto_plugin.so"], cancellationToken);
        if (plugin is not null && Path.IsPathRooted(plugin))
        {
            files.AddRange(await probe.SharedObjectsAsync(RealPath.Of(path), [plugin], cancellationToken));
        }

        return new InstalledToolchain(version, RealPath.Of(path), BoxView.Of(files), await RunViewAsync(probe, path, cancellationToken)) { Home = path };
    }

    /// <summary>What a program of machine code needs: the loader and the libraries that every one is linked with.</summary>
    private static async Task<BoxView> RunViewAsync(ToolchainProbe probe, string driver, CancellationToken cancellationToken)
    {
        var files = new List<string>();
        foreach (var name in new[] { "libstdc++.so.6", "libgcc_s.so.1", "libm.so.6", "libmvec.so.1", "libc.so.6" })
        {
            if (await probe.AskAsync(driver, [$"-print-file-name={name}"], cancellationToken) is { } file && Path.IsPathRooted(file))
            {
                files.Add(Path.GetFullPath(file));
            }
        }

        files.AddRange(await probe.SharedObjectsAsync(RealPath.Of(driver), [], cancellationToken));
        return BoxView.Of(files.Where(file => Path.GetFileName(file) is var name
            && (name.StartsWith("lib", StringComparison.Ordinal) || name.StartsWith("ld", StringComparison.Ordinal))));
    }

    /// <summary>The folders that <c>#include</c> searches, as cpp -v lists them on standard error.</summary>
    private static async Task<IEnumerable<string>> IncludeFoldersAsync(
        ToolchainProbe probe, string compiler, string driver, string name, CancellationToken cancellationToken)
    {
        // Through a shell, which is the one way to have standard error; nothing but fixed words and the driver's path is in it.
        var language = name == "g++" ? "c++" : "c";
        var said = await probe.AskAsync("/bin/sh", ["-c", $"exec \"$0\" -E -v -x {language} /dev/null 2>&1 >/dev/null", driver], cancellationToken) ?? "";
        var folders = said.Split('\n').SkipWhile(line => !line.StartsWith("#include <", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line.StartsWith(' ')).Select(line => Path.GetFullPath(line.Trim())).ToList();
        return folders.Where(folder => !folder.StartsWith("/usr/local/", StringComparison.Ordinal) && compiler.Length > 0);
    }
}
