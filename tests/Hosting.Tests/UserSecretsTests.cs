using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.UserSecrets;
using Microsoft.Extensions.Configuration;

namespace O1Coder.Hosting.Tests;

/// <summary>Values that are made up once.</summary>
public sealed class UserSecretsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hosting-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void AValueIsTheSameAtTheNextRunAndForItsOwnerOnly()
    {
        var path = Path.Combine(_folder.FullName, "id", "secrets.json");
        Assert.Equal("first", Open(path).GetOrAdd("Parameters:password", () => "first"));
        Assert.Equal("first", Open(path).GetOrAdd("Parameters:password", () => "second"));
        Assert.Equal("other", Open(path).GetOrAdd("AppHost:OtlpApiKey", () => "other"));
        Assert.Equal(2, JsonNode.Parse(File.ReadAllText(path))!.AsObject().Count);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal("configured", Open(path, ("Parameters:password", "configured")).GetOrAdd("Parameters:password", () => "third"));
    }

    [Fact]
    public void TwoAppHostsAtOnceFindTheSameValue()
    {
        var path = Path.Combine(_folder.FullName, "secrets.json");
        var values = Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8)
            .Select(i => Open(path).GetOrAdd("key", () => $"value {i}")).ToHashSet();
        Assert.Single(values);
    }

    [Theory]
    [InlineData("{ broken")]
    [InlineData("[1]")]
    public void AFileThatCannotBeReadStaysAsItIs(string content)
    {
        var path = Path.Combine(_folder.FullName, "secrets.json");
        File.WriteAllText(path, content);
        var store = Open(path);
        Assert.Equal("made", store.GetOrAdd("key", () => "made"));
        Assert.Equal("made", store.GetOrAdd("key", () => "again"));
        Assert.Contains(path, store.WhyNotKept, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(path));
    }

    private static UserSecretsStore Open(string path, params (string Key, string Value)[] configured) => new(path,
        new ConfigurationBuilder().AddInMemoryCollection(configured.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build());
}
