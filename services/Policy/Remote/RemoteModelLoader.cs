using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Options;
using O1Coder.Models;

namespace O1Coder.Policy.Remote;

/// <summary>
/// Takes tokenizer and template from the local folder and the rest from a server. The weights in the folder are not read,
/// and the model's hash is another: that of server, model and tokenizer, so that what one gave is never taken for the
/// other's.
/// </summary>
internal sealed class RemoteModelLoader(
    IOptions<PolicyOptions> options, IHttpClientFactory clients, ILogger<RemoteModelLoader> logger) : IModelLoader
{
    /// <inheritdoc />
    public LoadedModel Load(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var settings = options.Value;
        var model = LanguageModel.Open(settings.Model, verifyHashes: false, cancellationToken);
        var server = new RemoteServer(clients.CreateClient(RemoteServer.ClientName));
        try
        {
            var abilities = new ServerProbe(server, model.Tokenizer).AskAsync(settings.RemoteModel, cancellationToken)
                .GetAwaiter().GetResult();
            logger.LogInformation("{Host} is {Abilities}", server.Host, abilities);
            var engine = new RemoteEngine(server, abilities, model, settings, clock.Elapsed, logger);
            return new LoadedModel(model, engine, clock.Elapsed)
            {
                Id = abilities.Model,
                Hash = HashOf(settings.Remote, abilities.Model, model.Hash),
            };
        }
        catch (Exception exception)
        {
            server.Dispose();
            model.Dispose();
            throw exception is RpcException error
                ? new IOException($"O1CODER_REMOTE is '{settings.Remote}': {error.Status.Detail}", exception)
                : exception is ModelFormatException or OperationCanceledException ? exception
                : new IOException($"O1CODER_REMOTE is '{settings.Remote}': {exception.Message}", exception);
        }
    }

    private static string HashOf(string address, string name, string tokenizer) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"remote\n{address}\n{name}\n{tokenizer}")));
}
