namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a state is shown.</summary>
public static class KnownResourceStateStyles
{
    /// <summary>All is well.</summary>
    public static readonly string Success = "success";

    /// <summary>Something failed.</summary>
    public static readonly string Error = "error";

    /// <summary>Nothing to judge.</summary>
    public static readonly string Info = "info";

    /// <summary>Something deserves a look.</summary>
    public static readonly string Warn = "warn";
}
