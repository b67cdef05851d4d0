namespace O1Coder.Coordinator;

/// <summary>One line of tests.jsonl: what the test-case generator wrote for a problem.</summary>
/// <param name="Problem">The problem's id.</param>
/// <param name="Tests">Its good tests.</param>
/// <param name="Written">Different cases that the model wrote.</param>
/// <param name="Good">Those that the reference solutions confirm.</param>
internal sealed record TestRow(string Problem, IReadOnlyList<TestText> Tests, int Written, int Good);
