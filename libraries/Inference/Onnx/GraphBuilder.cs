using System.Runtime.InteropServices;
using Google.Protobuf;
using O1Coder.Inference.Onnx.Ir;

namespace O1Coder.Inference.Onnx;

/// <summary>Writes an ONNX graph node by node, in the order of execution.</summary>
internal sealed class GraphBuilder(string name)
{
    /// <summary>The domain of ONNX Runtime's own operators.</summary>
    public const string Contributed = "com.microsoft";

    /// <summary>The file that external constants name. It must exist but is never read.</summary>
    public const string ExternalFile = "given-by-the-session";

    // IR version 10 and operator set 21: what ONNX Runtime 1.18 and later read.
    private const long IrVersion = 10;
    private const long OperatorSet = 21;

    private readonly GraphProto _graph = new() { Name = name };
    private int _count;

    /// <summary>Adds an operator with one output and returns the output's name.</summary>
    public string Node(string type, string domain, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string, object)> attributes) =>
        Node(type, domain, inputs, [$"{type}_{_count}"], attributes)[0];

    /// <summary>Adds an operator with the given outputs; an empty name leaves an output out.</summary>
    public string[] Node(
        string type,
        string domain,
        ReadOnlySpan<string> inputs,
        string[] outputs,
        params ReadOnlySpan<(string, object)> attributes)
    {
        var node = new NodeProto { OpType = type, Domain = domain, Name = $"{type}_{_count++}" };
        node.Input.AddRange(inputs.ToArray());
        node.Output.AddRange(outputs);
        foreach (var (key, value) in attributes)
        {
            node.Attribute.Add(Attribute(key, value));
        }

        _graph.Node.Add(node);
        return outputs;
    }

    /// <summary>Declares an input of the graph; a dimension is a number or a name.</summary>
    public string Input(string input, TensorProto.Types.DataType type, params ReadOnlySpan<object> shape)
    {
        _graph.Input.Add(Value(input, type, shape));
        return input;
    }

    /// <summary>Declares an output of the graph; a dimension is a number or a name.</summary>
    public void Output(string output, TensorProto.Types.DataType type, params ReadOnlySpan<object> shape) =>
        _graph.Output.Add(Value(output, type, shape));

    /// <summary>Adds a constant that is stored in the graph itself.</summary>
    public string Constant<T>(string constant, TensorProto.Types.DataType type, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        var tensor = new TensorProto
        {
            Name = constant,
            DataType = (int)type,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)),
        };
        tensor.Dims.AddRange(shape.ToArray());
        _graph.Initializer.Add(tensor);
        return constant;
    }

    /// <summary>Declares a constant whose memory the session is given when it is made.</summary>
    public string External(string constant, TensorProto.Types.DataType type, params ReadOnlySpan<long> shape)
    {
        var tensor = new TensorProto
        {
            Name = constant,
            DataType = (int)type,
            DataLocation = TensorProto.Types.DataLocation.External,
        };
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = ExternalFile });
        tensor.Dims.AddRange(shape.ToArray());
        _graph.Initializer.Add(tensor);
        return constant;
    }

    /// <summary>The finished model.</summary>
    public ModelProto Build()
    {
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "o1coder", Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = OperatorSet });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = Contributed, Version = 1 });
        return model;
    }

    private static AttributeProto Attribute(string key, object value) => value switch
    {
        int i => new AttributeProto { Name = key, Type = AttributeProto.Types.AttributeType.Int, I = i },
        float f => new AttributeProto { Name = key, Type = AttributeProto.Types.AttributeType.Float, F = f },
        int[] list => new AttributeProto
        {
            Name = key,
            Type = AttributeProto.Types.AttributeType.Ints,
            Ints = { list.Select(i => (long)i) },
        },
        _ => throw new ArgumentException($"attribute {key} has type {value.GetType()}; int, float or int[] expected", nameof(value)),
    };

    private static ValueInfoProto Value(string value, TensorProto.Types.DataType type, ReadOnlySpan<object> shape)
    {
        var proto = new TensorShapeProto();
        foreach (var dimension in shape)
        {
            proto.Dim.Add(dimension is string symbol
                ? new TensorShapeProto.Types.Dimension { DimParam = symbol }
                : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(dimension) });
        }

        return new ValueInfoProto
        {
            Name = value,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = proto } },
        };
    }
}
