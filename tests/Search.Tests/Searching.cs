namespace O1Coder.Search.Tests;

/// <summary>Runs a search to its end or to a given number of events.</summary>
internal static class Searching
{
    public static async Task<List<SearchEvent>> RunAsync(
        SearchOptions options, SearchBudget budget, ScriptedModel model)
    {
        var events = new List<SearchEvent>();
        await RunIntoAsync(events, options, budget, model, TestContext.Current.CancellationToken);
        return events;
    }

    public static async Task RunIntoAsync(
        List<SearchEvent> events, SearchOptions options, SearchBudget budget, ScriptedModel model,
        CancellationToken cancellationToken)
    {
        var request = new SearchRequest(options, budget, model, model);
        await foreach (var one in SearchMethods.For(options.Method).SearchAsync(request, cancellationToken))
        {
            events.Add(one);
        }
    }

    public static SearchFinished Finish(this List<SearchEvent> events) => Assert.IsType<SearchFinished>(events[^1]);
}
