using System.Text.Json;
using O1Coder.Models;
using O1Coder.Models.Verification;

namespace O1Coder.Inference.Verification;

/// <summary>Which exceptions say that a case does not hold, rather than that this code is wrong.</summary>
internal static class CaseFailure
{
    /// <summary>Whether files, their contents or what a back end makes of them are at fault.</summary>
    public static bool IsOne(Exception exception) => exception is
        FormatException or JsonException or ModelFormatException or ArgumentException or NotSupportedException or IOException
        or UnauthorizedAccessException;

    /// <summary>The exception in one line.</summary>
    public static string Describe(Exception exception) => exception.Message.ReplaceLineEndings(" ");

    /// <summary>The part's results, or one failure that says what kept it from running.</summary>
    public static async Task<IReadOnlyList<CaseResult>> GuardAsync(string group, string name, Func<Task<IReadOnlyList<CaseResult>>> part)
    {
        try
        {
            return await part();
        }
        catch (Exception exception) when (IsOne(exception))
        {
            return [new CaseResult(group, name, Describe(exception))];
        }
    }
}
