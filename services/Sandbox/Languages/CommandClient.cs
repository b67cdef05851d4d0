using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Grpc.Core;

namespace O1Coder.Sandbox.Languages;

/// <summary>Runs commands in boxes; as with every box, closing the connection ends it.</summary>
internal sealed class CommandClient(Launcher launcher)
{
    /// <summary>Runs one command.</summary>
    /// <exception cref="RpcException">
    /// Unavailable when the launcher or the supervisor went away; FailedPrecondition when programs cannot be isolated here.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled; the box is dead.</exception>
    public async Task<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var result = await RunAsync(await launcher.ConnectAsync(cancellationToken), request, cancellationToken);
            if (result.Facts.Error is null)
            {
                launcher.NoteAnswer();
            }

            return result;
        }
        catch (SandboxUnavailableException exception)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, exception.Message));
        }
        catch (IOException exception)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, $"the sandbox lost its launcher ({exception.Message}); try again"));
        }
    }

    private static async Task<CommandResult> RunAsync(Socket socket, CommandRequest request, CancellationToken cancellationToken)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        await SendAsync(stream, request, cancellationToken);
        var length = BinaryPrimitives.ReadInt32BigEndian(await ReadAsync(stream, 4, cancellationToken));
        var said = await ReadAsync(stream, length, cancellationToken);
        var (facts, more) = (JsonSerializer.Deserialize<BoxFacts>(said, LauncherJson.Options)!, JsonSerializer.Deserialize<Reply>(said, LauncherJson.Options)!);
        facts = facts with
        {
            Output = await ReadAsync(stream, facts.OutputLength, cancellationToken),
            ErrorOutput = await ReadAsync(stream, facts.ErrorLength, cancellationToken),
        };
        var channel = await ReadAsync(stream, more.Channel, cancellationToken);
        var files = new List<OutputFile>();
        foreach (var item in more.Artefact)
        {
            files.Add(new OutputFile(item.Name, item.Executable, await ReadAsync(stream, item.Size, cancellationToken)));
        }

        return new CommandResult(facts, channel, files, more.ArtefactFault);
    }

    private static async Task SendAsync(NetworkStream stream, CommandRequest request, CancellationToken cancellationToken)
    {
        var files = request.Files.Select(file => (file.Name, Content: Encoding.UTF8.GetBytes(file.Text))).ToList();
        var (command, limits) = (request.Command, request.Limits);
        var header = JsonSerializer.SerializeToUtf8Bytes(new
        {
            kind = "command",
            steps = command.Steps,
            environment = command.Environment,
            binds = command.View.Binds,
            links = command.View.Links,
            placed = request.Placed.Select(pair => new[] { pair.Inside, pair.Outside }),
            background = request.IsBackground,
            files = files.Select(file => new object[] { file.Name, file.Content.Length }),
            stdin = request.Input.Length,
            channel = request.Channel?.Length,
            proc = command.NeedsProc,
            collect = request.Collects ? CompilePlan.OutputFolder : null,
            collect_bytes = request.CollectBytes,
            limits = new
            {
                limits.CpuSeconds,
                limits.WallSeconds,
                limits.MemoryBytes,
                limits.Processes,
                limits.OutputBytes,
                limits.FileBytes,
                limits.OpenFiles,
                limits.DiskBytes,
                limits.DiskFiles,
                CommandRequest.StackBytes,
            },
        }, LauncherJson.Options);
        var prefix = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(prefix, header.Length);
        await stream.WriteAsync((byte[])[.. prefix, .. header, .. files.SelectMany(file => file.Content)], cancellationToken);
        await stream.WriteAsync(request.Input, cancellationToken);
        await stream.WriteAsync(request.Channel ?? default, cancellationToken);
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    private sealed record Reply
    {
        public int Channel { get; init; }

        public IReadOnlyList<Item> Artefact { get; init; } = [];

        public string? ArtefactFault { get; init; }
    }

    private sealed record Item(string Name, int Size, bool Executable);
}
