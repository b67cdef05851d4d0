using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace O1Coder.Inference.Onnx;

/// <summary>
/// The sessions of one model: one for the model as it is and one for each set of products that adapters change. All use
/// the same weights, and the same packed copies of them where the operators allow it. Calls must not overlap.
/// </summary>
internal sealed class GraphSessions : IDisposable
{
    private readonly DecoderShape _shape;
    private readonly WeightImage _weights;
    private readonly IReadOnlyDictionary<string, MatrixFormat> _formats;
    private readonly Precision _precision;
    private readonly int _threads;
    private readonly GraphDevice _device;
    private readonly TensorMemory _memory;
    private readonly List<nint> _placed = [];
    private readonly List<(string Name, OrtValue Value)> _initializers = [];
    private readonly PrePackedWeightsContainer _packed = new();
    private readonly Dictionary<AdaptedProducts, InferenceSession> _sessions = [];

    /// <summary>Takes a model's weights over; they are freed with this.</summary>
    /// <param name="shape">The model's sizes.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="precision">How activations enter the products.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="device">What sessions run on.</param>
    /// <param name="memory">Its memory.</param>
    public GraphSessions(DecoderShape shape, WeightImage weights, Precision precision, int threads, GraphDevice device, TensorMemory memory)
    {
        (_shape, _weights, _precision, _threads, _device, _memory) = (shape, weights, precision, threads, device, memory);
        _formats = weights.Formats;

        // A session takes what it is given only where that lies on its own device; then all sessions share it. What two
        // constants share on the host (a tied embedding) they share there too.
        var known = new Dictionary<nint, nint>();
        foreach (var constant in weights.Constants)
        {
            if (!known.TryGetValue(constant.Data, out var address))
            {
                known.Add(constant.Data, address = Place(constant));
            }

            _initializers.Add((constant.Name, OrtValue.CreateTensorValueWithData(
                memory.Info, constant.Type, constant.Shape, address, constant.Bytes)));
        }

        if (!memory.IsHost)
        {
            weights.Dispose();
        }
    }

    /// <summary>The session for adapters that change these products, made when it is first asked for.</summary>
    /// <exception cref="PlatformNotSupportedException">The device does not run it; one line says why.</exception>
    public InferenceSession For(AdaptedProducts adapted)
    {
        if (!_sessions.TryGetValue(adapted, out var session))
        {
            _sessions.Add(adapted, session = Create(adapted));
        }

        return session;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var session in _sessions.Values)
        {
            session.Dispose();
        }

        _sessions.Clear();
        _packed.Dispose();
        _initializers.ForEach(given => given.Value.Dispose());
        _initializers.Clear();
        _placed.ForEach(_memory.Free);
        _placed.Clear();
        _weights.Dispose();
    }

    private nint Place(GraphConstant constant)
    {
        if (_memory.IsHost)
        {
            return constant.Data;
        }

        var address = _memory.Allocate(constant.Bytes);
        _placed.Add(address);
        _memory.Upload(constant.Data, address, constant.Bytes);
        return address;
    }

    private InferenceSession Create(AdaptedProducts adapted)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = _threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,

            // Shapes change from step to step: a pattern would be recorded and thrown away.
            EnableMemoryPattern = false,
        };

        // Waiting threads must not take the cores that the sandbox needs.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        GraphDevices.Append(options, _device, _precision);
        foreach (var (name, value) in _initializers)
        {
            options.AddInitializer(name, value);
        }

        // Every constant of the graph is given above, but the file that it names must exist.
        var graph = DecoderGraph.Build(_shape, _formats, _weights.Vectors, _precision, adapted).ToByteArray();
        var folder = Directory.CreateTempSubdirectory("o1coder-");
        try
        {
            File.WriteAllBytes(Path.Combine(folder.FullName, GraphBuilder.ExternalFile), []);
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", folder.FullName);
            return new InferenceSession(graph, options, _packed);
        }
        catch (OnnxRuntimeException exception) when (_device == GraphDevice.Cuda)
        {
            throw new PlatformNotSupportedException($"ONNX Runtime cannot run the model on CUDA: {exception.Message}", exception);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
