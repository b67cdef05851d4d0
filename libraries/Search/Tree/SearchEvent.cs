namespace O1Coder.Search;

/// <summary>Something that happened in a search. The events in their order are the whole truth about its tree.</summary>
public abstract record SearchEvent;
