namespace O1Coder.EndToEnd.Tests;

/// <summary>What the tests start, and what they give it.</summary>
internal static class Built
{
    /// <summary>The built AppHost, of the same configuration as these tests.</summary>
    public static string AppHost
    {
        get
        {
            var framework = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(Repository.Root, "AppHost", "bin", framework.Parent!.Name, framework.Name, "O1Coder.AppHost.dll");
        }
    }

    /// <summary>A starter problem's path.</summary>
    public static string Problem(string id) => Path.Combine(Repository.Root, "problems", "starter", id + ".md");
}
