using System.Diagnostics.CodeAnalysis;

namespace O1Coder.Policy.OpenAi;

/// <summary>A request that is answered with an error in OpenAI's shape.</summary>
internal sealed class OpenAiException(int status, ErrorBody body, TimeSpan? retryAfter = null) : Exception(body.Message)
{
    private const string InvalidRequest = "invalid_request_error";

    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>What the answer says.</summary>
    public ErrorBody Body { get; } = body;

    /// <summary>When trying again may help, or null.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>A field that cannot be served: status 400.</summary>
    /// <param name="field">Its name, with its path: <c>messages[0].role</c>.</param>
    /// <param name="value">What it held, null for nothing.</param>
    /// <param name="expected">What was expected.</param>
    public static OpenAiException Wrong(string field, object? value, string expected) => Invalid(
        field, FormattableString.Invariant($"{field} is {(value is null ? "absent" : $"'{value}'")}: expected {expected}"));

    /// <summary>A request that cannot be served: status 400, or another of the caller's.</summary>
    public static OpenAiException Invalid(string? field, string message, string? code = null, int status = 400) =>
        new(status, new ErrorBody(message, InvalidRequest, field, code));

    /// <summary>A model or adapter that is not there: status 404.</summary>
    public static OpenAiException NotFound(string message) =>
        new(StatusCodes.Status404NotFound, new ErrorBody(message, InvalidRequest, "model", "model_not_found"));

    /// <summary>Throws <see cref="Wrong"/> unless the value is valid.</summary>
    public static void ThrowUnless([DoesNotReturnIf(false)] bool valid, string field, object? value, string expected)
    {
        if (!valid)
        {
            throw Wrong(field, value, expected);
        }
    }
}
