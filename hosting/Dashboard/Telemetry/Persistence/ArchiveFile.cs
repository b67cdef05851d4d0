using Microsoft.Data.Sqlite;

namespace O1Coder.Hosting.Dashboard.Telemetry.Persistence;

/// <summary>The file in which requests are kept: one table, the oldest rows of a kind make room. For one thread at a time.</summary>
internal sealed class ArchiveFile : IDisposable
{
    private const int Version = 1;
    private const int DamagedCode = 11;
    private const int NoDatabaseCode = 26;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<Signal, long> _bytes = [];
    private readonly long _maxBytesOfKind;

    private ArchiveFile(SqliteConnection connection, long maxBytesOfKind)
    {
        _connection = connection;
        _maxBytesOfKind = maxBytesOfKind;
    }

    /// <summary>Opens the file, made when it is missing, and checks it.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or not ours.</exception>
    /// <exception cref="SqliteException">It cannot be opened: another process has it, or the folder cannot be written.</exception>
    public static ArchiveFile Open(string path, long maxBytesOfKind)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 2 }.ToString());
        var file = new ArchiveFile(connection, maxBytesOfKind);
        try
        {
            connection.Open();
            file.Prepare();
            return file;
        }
        catch (SqliteException exception) when (IsDamage(exception))
        {
            file.Dispose();
            throw new InvalidDataException(exception.Message, exception);
        }
        catch (Exception exception) when (exception is SqliteException or InvalidDataException)
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether it says that the file is damaged, rather than that something cannot be done now.</summary>
    public static bool IsDamage(SqliteException exception) => exception.SqliteErrorCode is DamagedCode or NoDatabaseCode;

    /// <summary>Every request, the oldest first; those that cannot be read are null.</summary>
    public IEnumerable<(Signal Signal, byte[]? Message)> Read()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT signal, bytes FROM batch ORDER BY id";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            byte[]? message = null;
            try
            {
                using var packed = reader.GetStream(1);
                message = PackedBatch.Unpack(packed);
            }
            catch (InvalidDataException)
            {
                // Told by the null.
            }

            yield return ((Signal)reader.GetInt32(0), message);
        }
    }

    /// <summary>Writes requests in one transaction, and makes room for them.</summary>
    public void Write(IReadOnlyList<(Signal Signal, byte[] Message)> batches)
    {
        using var transaction = _connection.BeginTransaction();
        using var insert = _connection.CreateCommand();
        insert.CommandText = "INSERT INTO batch (signal, bytes) VALUES ($signal, $bytes)";
        var signal = insert.Parameters.Add("$signal", SqliteType.Integer);
        var bytes = insert.Parameters.Add("$bytes", SqliteType.Blob);
        foreach (var batch in batches)
        {
            var packed = PackedBatch.Pack(batch.Message);
            signal.Value = (int)batch.Signal;
            bytes.Value = packed;
            insert.ExecuteNonQuery();
            _bytes[batch.Signal] = _bytes.GetValueOrDefault(batch.Signal) + packed.Length;
        }

        foreach (var kind in _bytes.Keys.ToList())
        {
            DropOldest(kind);
        }

        transaction.Commit();
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private void Prepare()
    {
        // Exclusive: a second dashboard with the same folder is refused rather than mixed in.
        Execute("PRAGMA locking_mode = EXCLUSIVE");
        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = NORMAL");
        if (Scalar("PRAGMA quick_check(1)") is not "ok" and var found)
        {
            throw new InvalidDataException($"{found}");
        }

        var version = (long)Scalar("PRAGMA user_version")!;
        if (version is not (0 or Version))
        {
            throw new InvalidDataException($"its version is {version}: expected {Version}");
        }

        Execute("CREATE TABLE IF NOT EXISTS batch (id INTEGER PRIMARY KEY, signal INTEGER NOT NULL, bytes BLOB NOT NULL)");
        Execute("CREATE INDEX IF NOT EXISTS batch_signal ON batch (signal, id)");
        Execute($"PRAGMA user_version = {Version}");
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT signal, SUM(LENGTH(bytes)) FROM batch GROUP BY signal";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            _bytes[(Signal)reader.GetInt32(0)] = reader.GetInt64(1);
        }
    }

    private void DropOldest(Signal kind)
    {
        while (_bytes[kind] > _maxBytesOfKind)
        {
            using var oldest = _connection.CreateCommand();
            oldest.CommandText = "DELETE FROM batch WHERE id = (SELECT MIN(id) FROM batch WHERE signal = $signal) RETURNING LENGTH(bytes)";
            oldest.Parameters.AddWithValue("$signal", (int)kind);
            if (oldest.ExecuteScalar() is not long freed)
            {
                _bytes[kind] = 0;
                return;
            }

            _bytes[kind] -= freed;
        }
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Sentences of ours, without anything from outside.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private object? Scalar(string sql)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Sentences of ours, without anything from outside.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
