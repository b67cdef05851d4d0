namespace O1Coder.Cli.Checks;

/// <summary>The interpreter that runs programs in the sandbox: the real one, which what is on PATH may only stand for.</summary>
internal sealed class PythonCheck : ICheck
{
    private const string Question =
        "import os, sys; print(sys.version_info[0], sys.version_info[1], sys.version_info[2], "
        + "os.path.realpath(getattr(sys, '_base_executable', None) or sys.executable))";

    private static readonly string[] s_places = ["python3", "/usr/bin/python3", "/usr/local/bin/python3"];
    private static readonly Version s_least = new(3, 8);

    public Finding Run(Surroundings surroundings)
    {
        var found = "";
        foreach (var place in s_places)
        {
            var (exitCode, output) = ProgramProbe.Run(place, "-I", "-S", "-c", Question);
            var words = output.Split('\n')[0].Split(' ', 4);
            if (exitCode != 0 || words.Length != 4 || !Version.TryParse(string.Join('.', words.Take(3)), out var version))
            {
                found = found.Length > 0 ? found : output;
            }
            else if (version >= s_least)
            {
                return new Finding("python3", Health.Ok, $"{version} at {words[3]}");
            }
            else
            {
                found = $"{version} at {words[3]} is too old";
            }
        }

        return new Finding("python3", Health.Missing, found, $"install Python {s_least} or later as python3");
    }
}
