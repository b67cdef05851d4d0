namespace O1Coder.EndToEnd.Tests;

/// <summary>The tests that share one running system.</summary>
[CollectionDefinition(LiveSystem.Collection)]
public sealed class LiveSystemCollection : ICollectionFixture<LiveSystem>;
