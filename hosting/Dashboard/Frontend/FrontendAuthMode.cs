namespace O1Coder.Hosting.Dashboard.Frontend;

/// <summary>Who may open the dashboard. The words are Aspire's.</summary>
internal enum FrontendAuthMode
{
    /// <summary>Whoever has the token, once: a cookie holds from then on.</summary>
    BrowserToken,

    /// <summary>Anybody who reaches the port.</summary>
    Unsecured,
}
