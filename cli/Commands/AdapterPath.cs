using System.CommandLine;

namespace O1Coder.Cli.Commands;

/// <summary>Options that name an adapter's folder.</summary>
internal static class AdapterPath
{
    private const string Configuration = "adapter_config.json";
    private const string Weights = "adapter_model.safetensors";
    private const string OfRun = "policy";

    /// <summary>The option.</summary>
    public static Option<string?> Option(string name, string description) => new(name) { HelpName = "FOLDER", Description = description };

    /// <summary>The folder, absolute and looked into; empty where none was given.</summary>
    /// <param name="folder">As the user gave it.</param>
    /// <param name="option">The option's name, for messages.</param>
    /// <param name="terminal">Where relative names start.</param>
    /// <exception cref="BadInputException">There is no adapter.</exception>
    public static string Read(string? folder, string option, Terminal terminal)
    {
        if (folder is null)
        {
            return "";
        }

        if (string.IsNullOrWhiteSpace(folder))
        {
            throw new BadInputException($"{option} is \"{folder}\"; expected the folder of an adapter");
        }

        var path = terminal.FullPath(folder);
        if (!Directory.Exists(path))
        {
            throw new BadInputException(File.Exists(path)
                ? $"{option} is \"{folder}\", a file; expected the folder of an adapter"
                : $"{option} is \"{folder}\"; there is no such folder");
        }

        return File.Exists(Path.Combine(path, Configuration)) || File.Exists(Path.Combine(path, OfRun, Configuration))
            ? path
            : throw new BadInputException(
                $"{option} is \"{folder}\"; it holds neither {Configuration} (a PEFT adapter) nor {OfRun}/{Configuration} (a self-play run that kept an adapter)");
    }

    /// <summary>The PEFT folder itself, of a self-play run the one that it kept; empty where none was given.</summary>
    /// <inheritdoc cref="Read"/>
    public static string ReadAdapter(string? folder, string option, Terminal terminal)
    {
        var path = Read(folder, option, terminal);
        return path.Length == 0 || File.Exists(Path.Combine(path, Configuration)) ? path : Path.Combine(path, OfRun);
    }

    /// <summary>The files of a PEFT folder that make its version.</summary>
    public static IReadOnlyList<string> FilesOf(string adapter) => [Path.Combine(adapter, Configuration), Path.Combine(adapter, Weights)];
}
