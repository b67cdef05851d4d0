using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>Finds the adapter that a caller means by a folder.</summary>
internal static class AdapterFolder
{
    private const string Configuration = "adapter_config.json";
    private const string OfRun = "policy";

    /// <summary>
    /// The folder that holds the adapter: the given one, or its sub-folder "policy" where it is a self-play run's.
    /// Links such as <c>runs/latest</c> are followed now, so that what they point to later changes nothing.
    /// </summary>
    /// <param name="folder">A folder in PEFT's format or of a self-play run.</param>
    /// <returns>The folder, absolute.</returns>
    /// <exception cref="RpcException">NotFound: the message names what was looked for.</exception>
    public static string Find(string folder)
    {
        var path = Path.GetFullPath(folder);
        if (!Directory.Exists(path))
        {
            throw new RpcException(new Status(
                StatusCode.NotFound, $"adapter is '{folder}': there is no such folder; expected a PEFT adapter's or a self-play run's"));
        }

        path = Target(path);
        if (File.Exists(Path.Combine(path, Configuration)))
        {
            return path;
        }

        var policy = Path.Combine(path, OfRun);
        return File.Exists(Path.Combine(policy, Configuration))
            ? Target(policy)
            : throw new RpcException(new Status(
                StatusCode.NotFound,
                $"adapter is '{folder}': it holds neither {Configuration} (a PEFT adapter) nor {OfRun}/{Configuration} (a self-play run that kept an adapter)"));
    }

    private static string Target(string folder)
    {
        try
        {
            return Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder;
        }
        catch (IOException error)
        {
            throw new RpcException(new Status(StatusCode.NotFound, $"adapter is '{folder}': {error.Message}"));
        }
    }
}
