using System.Globalization;

namespace O1Coder.Coordinator;

/// <summary>
/// Keeps what a step has found out, a file a problem, so that an interrupted step loses at most the problems in work. A
/// problem has one file: nothing counts twice.
/// </summary>
internal sealed class ItemStore(string folder)
{
    private const string SecondsFile = "_seconds.txt";

    /// <summary>What was kept of one problem; null where there is nothing.</summary>
    public Item<T>? Find<T>(string key) where T : class
    {
        var item = JsonFiles.TryRead<Item<T>>(PathOf(key));
        return item?.Result is not null && item.Key == key ? item : null;
    }

    /// <summary>Keeps it.</summary>
    public void Keep<T>(Item<T> item)
    {
        Directory.CreateDirectory(folder);
        JsonFiles.Write(PathOf(item.Key), item);
    }

    /// <summary>Seconds that were spent on the step before.</summary>
    public double SecondsBefore() =>
        File.Exists(Path.Combine(folder, SecondsFile)) &&
        double.TryParse(File.ReadAllText(Path.Combine(folder, SecondsFile)), CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : 0;

    /// <summary>Notes the seconds spent so far.</summary>
    public void KeepSeconds(double seconds)
    {
        Directory.CreateDirectory(folder);
        SearchFolder.WriteWhole(Path.Combine(folder, SecondsFile), seconds.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>Forgets everything: the step's record says what it came to.</summary>
    public void Clear()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private string PathOf(string key) => Path.Combine(folder, key + ".json");
}
