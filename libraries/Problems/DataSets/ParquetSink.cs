using System.Text.Json;
using Parquet;
using Parquet.Serialization;

namespace O1Coder.Problems.DataSets;

/// <summary>A parquet file; rows are written in groups, so that memory is one group.</summary>
internal static class ParquetSink
{
    private const int GroupRows = 256;
    private const long GroupBytes = 16 * 1024 * 1024;

    /// <summary>Begins a file.</summary>
    public static IProblemSink Create(string path, DataSetFormat format) => format switch
    {
        DataSetFormat.Mbpp => new Sink<MbppColumns>(path),
        DataSetFormat.HumanEval => new Sink<HumanEvalColumns>(path),
        DataSetFormat.CodeContests => new Sink<CodeContestsColumns>(path),
        _ => new Sink<StdioColumns>(path),
    };

    private sealed class Sink<T>(string path) : IProblemSink
        where T : class, new()
    {
        private readonly AtomicFile _file = new(path);
        private readonly List<T> _rows = [];
        private long _bytes;
        private bool _hasAny;

        public void Add(string id, byte[] text)
        {
            _rows.Add(JsonSerializer.Deserialize<T>(text) ?? throw new JsonException("an object was expected"));
            _bytes += text.Length;
            if (_rows.Count >= GroupRows || _bytes >= GroupBytes)
            {
                Flush();
            }
        }

        public void Commit()
        {
            if (_rows.Count > 0 || !_hasAny)
            {
                Flush();
            }

            _file.Commit();
        }

        public void Dispose() => _file.Dispose();

        private void Flush()
        {
            var options = new ParquetOptions { Append = _hasAny };
            ParquetSerializer.SerializeAsync(_rows, _file.Stream, options).GetAwaiter().GetResult();
            _rows.Clear();
            _bytes = 0;
            _hasAny = true;
        }
    }
}
