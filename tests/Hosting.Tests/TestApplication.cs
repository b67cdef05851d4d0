using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace O1Coder.Hosting.Tests;

/// <summary>An application for one test, with a folder of its own; disposing it stops everything.</summary>
internal sealed class TestApplication : IAsyncDisposable
{
    private DistributedApplication? _app;

    public TestApplication(string? name = null, bool disableDashboard = false)
    {
        Folder = Directory.CreateTempSubdirectory("hosting-tests-").FullName;
        Builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = [], ProjectDirectory = Repository.Root, DashboardApplicationName = name, DisableDashboard = disableDashboard });
        Builder.Configuration["AppHost:RunDirectory"] = Folder;
        Builder.Services.AddLogging(logging => logging.ClearProviders());
    }

    public string Folder { get; }

    public IDistributedApplicationBuilder Builder { get; }

    public DistributedApplication App => _app ??= Builder.Build();

    public ResourceNotificationService Notifications => App.ResourceNotifications;

    /// <summary>Ends with the test.</summary>
    public static CancellationToken Limit => TestContext.Current.CancellationToken;

    public IResourceBuilder<ExecutableResource> Script(string name, string script) =>
        Builder.AddExecutable(name, "bash", Folder, "-c", script);

    public Task StartAsync() => App.StartAsync(Limit).WaitAsync(TimeSpan.FromSeconds(30), Limit);

    /// <summary>Waits for the resource and gives its state.</summary>
    public async Task<CustomResourceSnapshot> ReachAsync(string name, params string[] states) =>
        (await Notifications.WaitForResourceAsync(name, change => states.Contains(change.Snapshot.State?.Text), Limit)
            .WaitAsync(TimeSpan.FromSeconds(30), Limit)).Snapshot;

    public async Task<List<LogLine>> LogAsync(string name)
    {
        List<LogLine> lines = [];
        await foreach (var batch in App.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(name))
        {
            lines.AddRange(batch);
        }

        return lines;
    }

    /// <summary>The environment that a replica would be started with, its ports allocated, without starting anything.</summary>
    public async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync(IResource resource, int replica = 0)
    {
        var model = App.Services.GetRequiredService<DistributedApplicationModel>();
        using (var ports = new PortReservations(NullLogger.Instance))
        {
            foreach (var candidate in model.Resources.OfType<IResourceWithEndpoints>().Where(ResourceModel.IsProcess))
            {
                if (candidate.GetEndpoints().Any(endpoint => !endpoint.IsAllocated))
                {
                    ports.Allocate(candidate, model.ReplicaIds(candidate));
                }
            }
        }

        var composed = await App.Services.GetRequiredService<EnvironmentComposer>()
            .EnvironmentAsync(resource, replica, model.ReplicaIds(resource)[replica], Limit);
        return composed.Variables;
    }

    /// <summary>The process id that a script wrote to a file of the folder, once it has.</summary>
    public static async Task<int> PidAsync(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        var clock = Stopwatch.StartNew();
        while (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"{file} was not written");
            await Task.Delay(20, Limit);
        }

        return int.Parse((await File.ReadAllTextAsync(path, Limit)).Trim(), CultureInfo.InvariantCulture);
    }

    /// <summary>Whether a process runs; one that has ended and was not collected by its parent does not.</summary>
    public static bool IsAlive(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    public static async Task AssertEndAsync(TimeSpan limit, params int[] pids)
    {
        var clock = Stopwatch.StartNew();
        while (pids.Any(IsAlive))
        {
            Assert.True(clock.Elapsed < limit, $"still alive after {limit}: {string.Join(", ", pids.Where(IsAlive))}");
            await Task.Delay(20, Limit);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
