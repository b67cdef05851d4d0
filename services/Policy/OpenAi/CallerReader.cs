using System.Security.Cryptography;
using System.Text;
using O1Coder.Inference;

namespace O1Coder.Policy.OpenAi;

/// <summary>Who asks, for the queue, in which callers take turns: as a ticket's caller over gRPC.</summary>
internal static class CallerReader
{
    private const string Scheme = "Bearer ";
    private const int HashCharacters = 16;

    /// <summary>
    /// The ticket of a request: by the user that it names, else by its key, else by nobody in particular. Keys are not looked at
    /// beyond that, and a caller's name may be seen where a key may not: so it is the key's hash.
    /// </summary>
    /// <exception cref="OpenAiException">The user's name is too long.</exception>
    public static QueueTicket Read(string? user, string? authorization)
    {
        if (!string.IsNullOrEmpty(user))
        {
            OpenAiException.ThrowUnless(user.Length <= TicketReader.LongestCaller, "user", $"{user.Length} characters",
                $"at most {TicketReader.LongestCaller} characters");
            return new QueueTicket(RequestPriority.Normal, user);
        }

        return authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && authorization[Scheme.Length..].Trim() is { Length: > 0 } key
            ? new QueueTicket(RequestPriority.Normal, $"key-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..HashCharacters]}")
            : default;
    }
}
