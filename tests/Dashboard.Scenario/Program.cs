using O1Coder.Dashboard.Scenario;

// Dashboard.Scenario [PORT]   serves the scenario until Ctrl+C and says how to start a dashboard on it
const string Key = "scenario";
using var ended = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    ended.Cancel();
};

using var appHost = new ScriptedAppHost(Key);
SolveScenario.Play(appHost);
await using var server = await ScriptedAppHostServer.StartAsync(appHost, args is [var port] ? int.Parse(port) : 0, ended.Token);
Console.WriteLine($"DOTNET_RESOURCE_SERVICE_ENDPOINT_URL={server.Address} DASHBOARD__RESOURCESERVICECLIENT__APIKEY={Key} dotnet run --project hosting/Dashboard");

for (var run = 61; !ended.IsCancellationRequested; run++)
{
    appHost.Write("coordinator-a4f0", $"\u001b[32minfo\u001b[39m: O1Coder.Coordinator[0] search s-0042: rollout {run}");
    await Task.Delay(TimeSpan.FromSeconds(1), ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
