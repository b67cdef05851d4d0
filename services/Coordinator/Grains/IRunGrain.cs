namespace O1Coder.Coordinator;

/// <summary>One run over many problems; its folder is there before it is watched.</summary>
internal interface IRunGrain : IWatchedGrain;
