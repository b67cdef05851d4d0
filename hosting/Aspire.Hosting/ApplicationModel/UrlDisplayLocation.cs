namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where a URL is shown.</summary>
public enum UrlDisplayLocation
{
    /// <summary>In the list of resources and in a resource's details.</summary>
    SummaryAndDetails = 0,

    /// <summary>In a resource's details.</summary>
    DetailsOnly = 1,
}
