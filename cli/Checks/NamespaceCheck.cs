namespace O1Coder.Cli.Checks;

/// <summary>The kernel's namespaces, which keep a program in the sandbox away from the rest of the machine.</summary>
internal sealed class NamespaceCheck : ICheck
{
    // The sandbox's set, and the two mounts that it makes first; a kernel may allow the one and refuse the other.
    private static readonly string[] s_attempt =
    [
        "--user", "--map-root-user", "--mount", "--uts", "--ipc", "--net", "--pid", "--fork",
        "sh", "-c", "mount -t proc proc /proc && mount -t tmpfs none /tmp",
    ];

    public Finding Run(Surroundings surroundings)
    {
        var (exitCode, output) = ProgramProbe.Run("unshare", s_attempt);
        return exitCode switch
        {
            0 => new Finding("namespaces", Health.Ok, "user, mount, uts, ipc, net and pid namespaces can be made"),
            null => new Finding("namespaces", Health.Warning, $"could not be tried: {output}", "install util-linux, or just try a search"),
            _ => new Finding("namespaces", Health.Missing, $"refused: {output.Split('\n')[0]}",
                "allow user namespaces: sysctl user.max_user_namespaces=10000, and where AppArmor restricts them "
                + "sysctl kernel.apparmor_restrict_unprivileged_userns=0; in a container, start it with more rights"),
        };
    }
}
