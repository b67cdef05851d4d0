using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using O1Coder.Hosting.ResourceService;

namespace O1Coder.Dashboard.Scenario;

/// <summary>
/// An AppHost that runs nothing: it tells what a scenario puts into it, and keeps what it was asked for, so that what a page
/// shows can be compared with what happened.
/// </summary>
public sealed class ScriptedAppHost(string apiKey) : ResourceService.ResourceServiceBase, IDisposable
{
    /// <summary>The header that carries the key.</summary>
    public const string ApiKeyHeader = "x-resource-service-api-key";

    private readonly Lock _changing = new();
    private readonly Dictionary<string, Resource> _resources = [];
    private readonly Dictionary<string, List<ConsoleLine>> _lines = [];
    private readonly List<Channel<ResourcesChange>> _watchers = [];
    private readonly List<(string Instance, Channel<ConsoleLine> Lines)> _readers = [];
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Every command that was asked for, in order: instance and name.</summary>
    public ConcurrentQueue<(string Instance, string Command)> Executed { get; } = [];

    /// <summary>What a command does; null for one that succeeds and changes nothing.</summary>
    public Func<ScriptedAppHost, Resource, string, Task<ExecuteCommandResponse>>? OnCommand { get; set; }

    /// <summary>Calls that came without the key.</summary>
    public int Refused { get; private set; }

    /// <summary>Adds a resource, or puts it in the place of the one of its name.</summary>
    public void Put(Resource resource)
    {
        lock (_changing)
        {
            _resources[resource.InstanceName] = resource.Clone();
            var change = new ResourcesChange { Changed = { resource.Clone() } };
            _watchers.ForEach(one => one.Writer.TryWrite(change));
        }
    }

    /// <summary>Changes a resource and tells it.</summary>
    public void Change(string instanceName, Action<Resource> change)
    {
        Resource changed;
        lock (_changing)
        {
            changed = _resources[instanceName].Clone();
        }

        change(changed);
        Put(changed);
    }

    /// <summary>Removes a resource.</summary>
    public void Remove(string instanceName)
    {
        lock (_changing)
        {
            _resources.Remove(instanceName);
            var change = new ResourcesChange { Removed = { instanceName } };
            _watchers.ForEach(one => one.Writer.TryWrite(change));
        }
    }

    /// <summary>Removes every resource with its lines, and forgets what was executed.</summary>
    public void Clear()
    {
        lock (_changing)
        {
            var change = new ResourcesChange { Removed = { _resources.Keys } };
            _watchers.ForEach(one => one.Writer.TryWrite(change));
            _resources.Clear();
            _lines.Clear();
            Executed.Clear();
        }
    }

    /// <summary>Writes a line to a resource's console.</summary>
    public void Write(string instanceName, string text, bool isError = false, DateTime? at = null)
    {
        lock (_changing)
        {
            if (!_lines.TryGetValue(instanceName, out var lines))
            {
                _lines[instanceName] = lines = [];
            }

            var line = new ConsoleLine
            {
                Number = lines.Count + 1,
                At = Timestamp.FromDateTime(at ?? DateTime.UtcNow),
                Text = text,
                IsError = isError,
            };
            lines.Add(line);
            foreach (var (instance, reader) in _readers)
            {
                if (instance == instanceName)
                {
                    reader.Writer.TryWrite(line);
                }
            }
        }
    }

    /// <summary>How many lines a resource has written.</summary>
    public int LinesOf(string instanceName)
    {
        lock (_changing)
        {
            return _lines.GetValueOrDefault(instanceName)?.Count ?? 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _ended.Dispose();

    /// <summary>Ends every stream, as a stopping AppHost does.</summary>
    public void End() => _ended.Cancel();

    /// <inheritdoc/>
    public override Task<Application> GetApplication(GetApplicationRequest request, ServerCallContext context)
    {
        CheckKey(context);
        return Task.FromResult(new Application { Name = "O1Coder" });
    }

    /// <inheritdoc/>
    public override async Task WatchResources(
        WatchResourcesRequest request, IServerStreamWriter<ResourcesChange> responseStream, ServerCallContext context)
    {
        CheckKey(context);
        var changes = Channel.CreateUnbounded<ResourcesChange>();
        var first = new ResourcesChange { Complete = true };
        lock (_changing)
        {
            first.Changed.AddRange(_resources.Values.Select(one => one.Clone()));
            _watchers.Add(changes);
        }

        try
        {
            await responseStream.WriteAsync(first);
            await ForwardAsync(changes.Reader, responseStream.WriteAsync, context);
        }
        finally
        {
            lock (_changing)
            {
                _watchers.Remove(changes);
            }
        }
    }

    /// <inheritdoc/>
    public override async Task WatchConsoleLogs(
        WatchConsoleLogsRequest request, IServerStreamWriter<ConsoleLines> responseStream, ServerCallContext context)
    {
        CheckKey(context);
        var coming = Channel.CreateUnbounded<ConsoleLine>();
        var kept = new ConsoleLines();
        var reader = (request.InstanceName, coming);
        lock (_changing)
        {
            if (!_resources.ContainsKey(request.InstanceName))
            {
                throw new RpcException(new Status(StatusCode.NotFound, $"There is no resource '{request.InstanceName}'."));
            }

            kept.Lines.AddRange(_lines.GetValueOrDefault(request.InstanceName) ?? []);
            _readers.Add(reader);
        }

        try
        {
            await responseStream.WriteAsync(kept);
            if (!request.NoFollow)
            {
                await ForwardAsync(coming.Reader, line => responseStream.WriteAsync(new ConsoleLines { Lines = { line } }), context);
            }
        }
        finally
        {
            lock (_changing)
            {
                _readers.Remove(reader);
            }
        }
    }

    /// <inheritdoc/>
    public override async Task<ExecuteCommandResponse> ExecuteCommand(ExecuteCommandRequest request, ServerCallContext context)
    {
        CheckKey(context);
        Resource? resource;
        lock (_changing)
        {
            resource = _resources.GetValueOrDefault(request.InstanceName)?.Clone();
        }

        if (resource?.Commands.FirstOrDefault(one => one.Name == request.Command) is not { } command)
        {
            throw new RpcException(new Status(StatusCode.NotFound, $"'{request.InstanceName}' has no command '{request.Command}'."));
        }

        if (command.State is not CommandState.Enabled)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"'{request.Command}' is not enabled now."));
        }

        Executed.Enqueue((request.InstanceName, request.Command));
        return OnCommand is null
            ? new ExecuteCommandResponse { Result = ExecuteCommandResult.Succeeded }
            : await OnCommand(this, resource, request.Command);
    }

    private async Task ForwardAsync<T>(ChannelReader<T> from, Func<T, Task> to, ServerCallContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, _ended.Token);
        try
        {
            await foreach (var one in from.ReadAllAsync(either.Token))
            {
                await to(one);
            }
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // Nobody listens any more, or the scenario has ended: so does the stream.
        }
    }

    private void CheckKey(ServerCallContext context)
    {
        if (context.RequestHeaders.GetValue(ApiKeyHeader) != apiKey)
        {
            Refused++;
            throw new RpcException(new Status(StatusCode.Unauthenticated, "The key is missing or wrong."));
        }
    }
}
