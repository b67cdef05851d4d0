using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Ends the resources when the AppHost is killed and cannot do it itself: a small shell that knows their process groups
/// and reads from a pipe, whose end tells it that the AppHost is gone. Processes that it was not told of, because the AppHost
/// was killed while it started them or because they left their group, it finds by a variable in their environment.
/// </summary>
internal sealed class OrphanGuard : IDisposable
{
    private const string Script = """
        trap '' INT HUP TERM
        mark=$1
        groups=
        marked() { grep -a -l -s -F -e "$mark" /proc/[0-9]*/environ | cut -d / -f 3; }
        while read -r verb group; do
          case $verb in
            add) groups="$groups $group" ;;
            remove) kept=; for g in $groups; do [ "$g" = "$group" ] || kept="$kept $g"; done; groups=$kept ;;
            done) exit 0 ;;
          esac
        done
        pids=$(marked)
        for g in $groups; do kill -s TERM -- "-$g" 2>/dev/null; done
        for p in $pids; do kill -s TERM "$p" 2>/dev/null; done
        i=0
        while [ $i -lt 30 ]; do
          alive=
          for g in $groups; do kill -s 0 -- "-$g" 2>/dev/null && alive=yes; done
          for p in $pids; do kill -s 0 "$p" 2>/dev/null && alive=yes; done
          [ "$alive" ] || exit 0
          sleep 0.1
          i=$((i + 1))
        done
        for g in $groups; do kill -s KILL -- "-$g" 2>/dev/null; done
        for p in $(marked); do kill -s KILL "$p" 2>/dev/null; done
        """;

    private readonly Lock _lock = new();
    private readonly Process? _shell;

    public OrphanGuard()
    {
        // Without setsid the resources share the AppHost's group, which must not be killed as a whole.
        if (ExecutablePath.Find("setsid") is { } setsid && ExecutablePath.Find("/bin/sh") is { } shell)
        {
            _shell = Process.Start(new ProcessStartInfo(setsid, [shell, "-c", Script, "guard", ManagedProcess.AppHostMark])
            {
                RedirectStandardInput = true,
                WorkingDirectory = "/",
            });
        }
    }

    /// <summary>Takes a process group into its care.</summary>
    public void Add(int group) => Tell("add", group);

    /// <summary>Forgets a process group that has ended.</summary>
    public void Remove(int group) => Tell("remove", group);

    /// <summary>Ends the guard; nobody is killed.</summary>
    public void Dispose()
    {
        Tell("done", group: 0);
        lock (_lock)
        {
            _shell?.WaitForExit();
            _shell?.Dispose();
        }
    }

    private void Tell(string verb, int group)
    {
        lock (_lock)
        {
            if (_shell is { HasExited: false })
            {
                _shell.StandardInput.Write(string.Create(CultureInfo.InvariantCulture, $"{verb} {group}\n"));
                _shell.StandardInput.Flush();
            }
        }
    }
}
