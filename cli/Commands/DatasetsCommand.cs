using System.CommandLine;
using System.Globalization;
using O1Coder.Cli.Datasets;

namespace O1Coder.Cli.Commands;

/// <summary>o1coder datasets check, convert and split.</summary>
internal sealed class DatasetsCommand : ICliCommand
{
    private readonly Command _check;
    private readonly Command _convert;
    private readonly Command _split;

    private readonly Argument<string> _file = new("FILE")
    {
        Description = "A data set: a folder of Markdown problems, or a .md, .jsonl, .json or .parquet file",
    };

    private readonly Argument<string> _out = new("OUT")
    {
        Description = "A new folder for Markdown; else a file, which is replaced: .parquet, .json for one array, or .jsonl",
    };

    private readonly Argument<string> _folder = new("OUT-DIR") { Description = "A new folder, which gets the parts learn and evaluation" };

    private readonly Option<string> _format = OptionKinds.Word("--format", "How FILE is written [auto: told from its content]",
        FormatWords.Auto, [FormatWords.Auto, .. FormatWords.All]);

    private readonly Option<string> _to = OptionKinds.Word("--to",
        "How to write OUT [auto: a file keeps FILE's format, anything else is Markdown; parquet: that, as parquet]",
        FormatWords.Auto, [FormatWords.Auto, .. FormatWords.All, FormatWords.Parquet]);

    private readonly Option<bool> _skipBad = new("--skip-bad") { Description = "Name malformed lines and go on without them" };

    private readonly Option<string?> _against = new("--against")
    {
        HelpName = "FOLDER",
        Description = "Find statements that share 16 consecutive words with one of this set",
    };

    private readonly Option<double> _evaluation = OptionKinds.Number<double>("--evaluation", "N|FRACTION",
        "How many problems only evaluations see, or which fraction, for example 40 or 0.25", null,
        "a whole number from 1, or a fraction between 0 and 1", ParsePart);

    private readonly Option<ulong> _seed = OptionKinds.Seed();

    /// <summary>Makes the command.</summary>
    public DatasetsCommand()
    {
        _evaluation.Required = true;
        _check = new Command("check", "Counts problems, tests and reference solutions, and names every malformed line. "
            + "Exit code: 0 good, 1 malformed lines (0 with --skip-bad) or overlaps, 2 bad input.")
        {
            _file, _format, _skipBad, _against, CommandLine.Json,
        };
        _convert = new Command("convert", "Writes a data set in another format; nothing is lost without a word. Exit code: 0 done, 2 bad input.")
        {
            _file, _out, _format, _to, _skipBad,
        };
        _split = new Command("split", "Splits a data set for learning and evaluation, of each difficulty its share; equal seeds split equally. "
            + "Exit code: 0 done, 2 bad input.")
        {
            _file, _folder, _evaluation, _seed, _format, _skipBad,
        };
        Definition = new Command("datasets", "Checks, converts and splits data sets: this project's Markdown, MBPP, HumanEval, APPS/TACO (stdio), CodeContests.")
        {
            _check, _convert, _split,
        };
    }

    /// <inheritdoc/>
    public Command Definition { get; }

    /// <inheritdoc/>
    public PreparedCommand Prepare(ParseResult parsed, Terminal terminal)
    {
        var file = parsed.GetRequiredValue(_file);
        var format = FormatWords.Find(parsed.GetValue(_format));
        var skipBad = parsed.GetValue(_skipBad);
        var command = parsed.CommandResult.Command;
        Func<DatasetWork, int> work =
            command == _check
            ? own => new DatasetCheck(file, format, skipBad, parsed.GetValue(_against), parsed.GetValue(CommandLine.Json)).Run(own, terminal)
            : command == _convert
            ? own => new DatasetConvert(file, parsed.GetRequiredValue(_out), format, parsed.GetValue(_to)!, skipBad).Run(own, terminal)
            : own => new DatasetSplitting(file, parsed.GetRequiredValue(_folder), format, parsed.GetValue(_evaluation), parsed.GetValue(_seed), skipBad).Run(own, terminal);
        return PreparedCommand.Done(DatasetWork.Run(terminal, work));
    }

    /// <inheritdoc/>
    public string? Explain(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        return command == Definition ? "datasets needs check, convert or split (--help explains them)"
            : Lacks(parsed, _file) ? $"datasets {command.Name} needs a FILE"
            : command == _convert && Lacks(parsed, _out) ? "datasets convert needs an OUT to write"
            : command == _split && Lacks(parsed, _folder) ? "datasets split needs an OUT-DIR to write"
            : command == _split && parsed.GetResult(_evaluation) is not { Tokens.Count: > 0 } ? "datasets split needs --evaluation N or FRACTION"
            : null;
    }

    /// <inheritdoc/>
    public object? RefusedJson(string message) => new { Ok = false, Error = message };

    private static bool Lacks(ParseResult parsed, Argument<string> argument) => parsed.GetResult(argument) is not { Tokens.Count: > 0 };

    private static double? ParsePart(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count >= 1 ? count : null
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part) && part is > 0 and < 1 ? part : null;
}
