using System.Globalization;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Publishing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Redis;

/// <summary>How a Redis server is started.</summary>
internal static class RedisServer
{
    /// <summary>The configuration key of the folder under which the run keeps its data.</summary>
    public const string RunDirectoryKey = "AppHost:RunDirectory";

    private const int MaxMemoryMegabytes = 256;
    private const int DefaultPort = 6379;

    /// <summary>Gives the program: <c>redis-server</c> where it is on PATH, else Garnet.</summary>
    /// <exception cref="DistributedApplicationException">Neither is there.</exception>
    public static async Task<ProcessCommand> CreateCommandAsync(RedisResource redis, IServiceProvider services,
        CancellationToken cancellationToken)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var data = Path.Combine(configuration[RunDirectoryKey]
            ?? Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"aspire-{Environment.ProcessId}")), redis.Name);
        Directory.CreateDirectory(data);
        return ExecutablePath.Find("redis-server") is { } program
            ? RedisCommand(redis, program, data)
            : await GarnetCommandAsync(redis, configuration["AppHost:Directory"]!, data, cancellationToken);
    }

    /// <summary>The server where the application is deployed, with the same settings; the password is in a variable.</summary>
    public static PublishedContainer Container(ParameterResource password) => new(
        "docker.io/library/redis:7.4", "/bin/sh",
        [
            "-c",
            string.Create(CultureInfo.InvariantCulture,
                $"printf 'requirepass %s\\n' \"$REDIS_PASSWORD\" | exec redis-server - --save '' --appendonly no --maxmemory {MaxMemoryMegabytes}mb --maxmemory-policy allkeys-lru"),
        ],
        new Dictionary<string, object> { ["REDIS_PASSWORD"] = password },
        ["/bin/sh", "-c", "REDISCLI_AUTH=\"$REDIS_PASSWORD\" redis-cli ping | grep -q PONG"],
        DefaultPort);

    /// <summary>
    /// <c>redis-server -</c> reads its configuration from standard input, so the password is in no file and no command line.
    /// Nothing is saved: a cache that is lost costs time only.
    /// </summary>
    internal static ProcessCommand RedisCommand(RedisResource redis, string program, string data) => new(program, ["-"], data)
    {
        StandardInput = string.Create(CultureInfo.InvariantCulture, $"""
            bind 127.0.0.1
            port {redis.PrimaryEndpoint.Port}
            protected-mode yes
            requirepass {redis.PasswordParameter!.Read()}
            dir "{data}"
            save ""
            appendonly no
            maxmemory {MaxMemoryMegabytes}mb
            maxmemory-policy allkeys-lru
            daemonize no

            """),
    };

    private static async Task<ProcessCommand> GarnetCommandAsync(RedisResource redis, string appHostDirectory, string data,
        CancellationToken cancellationToken)
    {
        var program = await GarnetTool.FindOrRestoreAsync(appHostDirectory, cancellationToken);

        // Garnet's defaults are 16 GiB, every interface and no Lua. A file that only its owner reads, and that is deleted as
        // soon as the server answers, keeps the password off the command line, which everybody can read.
        var file = Path.Combine(data, "garnet.conf.tmp");
        var options = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["Address"] = "127.0.0.1",
            ["Port"] = redis.PrimaryEndpoint.Port,
            ["AuthenticationMode"] = "Password",
            ["Password"] = redis.PasswordParameter!.Read(),
            ["LogMemorySize"] = string.Create(CultureInfo.InvariantCulture, $"{MaxMemoryMegabytes}m"),
            ["PageSize"] = "4m",
            ["IndexMemorySize"] = "16m",
            ["EnableLua"] = true,
            ["CheckpointDir"] = data,
        });
        File.Delete(file);
        await using (var stream = new FileStream(file, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(options), cancellationToken);
        }

        return new ProcessCommand(ProjectCommand.DotnetPath(), [program, "--config-import-path", file, "-q"], data) { SecretFile = file };
    }
}
