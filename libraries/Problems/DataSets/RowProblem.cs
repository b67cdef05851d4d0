using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace O1Coder.Problems.DataSets;

/// <summary>A problem as read from a row.</summary>
/// <param name="Problem">The problem.</param>
/// <param name="HasOwnId">Whether the row gives an id of its own; otherwise the id is made from a name or the line.</param>
internal sealed record RowProblem(Problem Problem, bool HasOwnId)
{
    private const int MaxTitleLength = 80;

    /// <summary>Puts a problem together and checks what holds for every kind of row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="idFields">The fields that may hold the id, the first that is there counts.</param>
    /// <param name="prefix">What stands before an id that is a number.</param>
    /// <param name="statementField">The field that the statement came from.</param>
    /// <param name="problem">The problem; its id is replaced, its title is a name or empty.</param>
    /// <param name="notes">Takes what is left out.</param>
    public static RowProblem Of(JsonRow row, string[] idFields, string prefix, string statementField, Problem problem, ICollection<DataFault> notes)
    {
        var statement = problem.Statement.Trim('\n', ' ', '\t');
        if (statement.Length == 0)
        {
            throw row.Fault(statementField, $"\"{statementField}\" is empty; expected the statement");
        }

        var bytes = Encoding.UTF8.GetByteCount(statement);
        if (bytes > Problem.MaxStatementBytes)
        {
            throw row.Fault(statementField, $"\"{statementField}\" is {bytes} bytes long; expected at most {Problem.MaxStatementBytes / 1024} KiB");
        }

        var references = problem.ReferenceSolutions;
        if (references.Count > Problem.MaxReferenceSolutions)
        {
            notes.Add(row.Note("solutions", $"{references.Count} reference solutions, of which the first {Problem.MaxReferenceSolutions} are kept"));
            references = [.. references.Take(Problem.MaxReferenceSolutions)];
        }

        var ownId = idFields.Select(field => IdIn(row, field, prefix)).FirstOrDefault(id => id is not null);
        var id = ownId ?? (problem.Title.Length > 0 ? Slug(problem.Title) : $"{prefix}-{row.Line}");
        var title = problem.Title.Length > 0 ? problem.Title : statement;
        return new RowProblem(
            problem with { Id = id, Title = TitleOf(title, id), Statement = statement, ReferenceSolutions = references },
            ownId is not null);
    }

    /// <summary>A name as an id: other characters become '-'; what is then too long ends in a hash of the whole name.</summary>
    public static string Slug(string name)
    {
        var id = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            {
                id.Append(c);
            }
            else if (id.Length > 0 && id[^1] != '-')
            {
                id.Append('-');
            }
        }

        var text = id.ToString().TrimEnd('-');
        if (text.Length is > 0 and <= Problem.MaxIdLength)
        {
            return text;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16];
        return text.Length == 0 ? $"problem-{hash}" : $"{text[..(Problem.MaxIdLength - 17)]}-{hash}";
    }

    /// <summary>A text with '\n' between its lines.</summary>
    public static string Lines(string text) => text.Replace("\r\n", "\n").Replace('\r', '\n');

    private static string? IdIn(JsonRow row, string field, string prefix)
    {
        if (row.Find(field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number)
        {
            return value.TryGetInt64(out var number) && number >= 0
                ? $"{prefix}-{number}"
                : throw row.Fault(field, $"\"{field}\" is {PythonAssertions.Shorten(value.GetRawText())}; expected text or a whole number");
        }

        var text = row.TextOf(field, value).Trim();
        return text.Length == 0
            ? throw row.Fault(field, $"\"{field}\" is empty; expected an id")
            : text.Length <= 18 && text.All(char.IsAsciiDigit) ? $"{prefix}-{text}" : Slug(text);
    }

    // The first line that is not blank, without Markdown's heading marks.
    private static string TitleOf(string text, string fallback)
    {
        foreach (var line in text.Split('\n'))
        {
            var title = new string([.. line.Trim().TrimStart('#').Select(c => char.IsControl(c) ? ' ' : c)]).Trim();
            if (title.Length > MaxTitleLength)
            {
                var end = char.IsHighSurrogate(title[MaxTitleLength - 2]) ? MaxTitleLength - 2 : MaxTitleLength - 1;
                return title[..end].TrimEnd() + "…";
            }

            if (title.Length > 0)
            {
                return title;
            }
        }

        return fallback;
    }
}
