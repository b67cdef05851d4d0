using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf.Collections;
using O1Coder.Hosting.Dashboard.Telemetry.Model;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;
using O1Coder.Hosting.Dashboard.Telemetry.Store;

namespace O1Coder.Hosting.Dashboard.Telemetry.Ingest;

/// <summary>Turns attributes of OTLP into ours, within the limits, and weighs them.</summary>
internal sealed class AttributeReader(TelemetryLimits limits, TextPool texts)
{
    private const int StringBytes = 24;
    private const int PairBytes = 16;

    private static readonly TelemetryAttribute[] s_none = [];

    // What is shown in a page is encoded there.
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Bytes of what was read since it was last set to zero, estimated; texts that were held already weigh nothing.</summary>
    public int Weight { get; set; }

    /// <summary>The first attributes, as many as are allowed; of equal names the last.</summary>
    public TelemetryAttribute[] Read(RepeatedField<KeyValue> attributes)
    {
        if (attributes.Count == 0)
        {
            return s_none;
        }

        var read = new List<TelemetryAttribute>(Math.Min(attributes.Count, limits.MaxAttributeCount));
        foreach (var attribute in attributes)
        {
            var pair = new TelemetryAttribute(Text(attribute.Key), Value(attribute.Value));
            var same = read.FindIndex(other => other.Key == pair.Key);
            if (same >= 0)
            {
                read[same] = pair;
            }
            else if (read.Count < limits.MaxAttributeCount)
            {
                read.Add(pair);
            }
        }

        Weight += StringBytes + (read.Count * PairBytes);
        return [.. read];
    }

    /// <summary>The attributes by name, for what is told apart by them.</summary>
    public TelemetryAttribute[] ReadSorted(RepeatedField<KeyValue> attributes)
    {
        var read = Read(attributes);
        Array.Sort(read, (left, right) => string.CompareOrdinal(left.Key, right.Key));
        return read;
    }

    /// <summary>A text, shared with equal ones where it is short.</summary>
    public string Text(string text)
    {
        var held = texts.Share(text);
        if (text.Length > 0 && ReferenceEquals(held, text))
        {
            Weight += StringBytes + (2 * text.Length);
        }

        return held;
    }

    /// <summary>A value as text, cut to the length that is allowed.</summary>
    public string Value(AnyValue? value)
    {
        var text = Plain(value);
        return Text(text.Length > limits.MaxAttributeLength ? text[..limits.MaxAttributeLength] : text);
    }

    private static string Plain(AnyValue? value) => value?.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        AnyValue.ValueOneofCase.IntValue => value.IntValue.ToString(CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue.ToString("R", CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.BytesValue => value.BytesValue.ToBase64(),
        AnyValue.ValueOneofCase.ArrayValue or AnyValue.ValueOneofCase.KvlistValue => Json(value),
        _ => "",
    };

    private static string Json(AnyValue value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, s_json))
        {
            Write(writer, value);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    // No deeper than what the parser of messages lets through.
    private static void Write(Utf8JsonWriter writer, AnyValue? value)
    {
        switch (value?.ValueCase)
        {
            case AnyValue.ValueOneofCase.ArrayValue:
                writer.WriteStartArray();
                foreach (var item in value.ArrayValue.Values)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case AnyValue.ValueOneofCase.KvlistValue:
                writer.WriteStartObject();
                foreach (var pair in value.KvlistValue.Values)
                {
                    writer.WritePropertyName(pair.Key);
                    Write(writer, pair.Value);
                }

                writer.WriteEndObject();
                break;
            case AnyValue.ValueOneofCase.BoolValue:
                writer.WriteBooleanValue(value.BoolValue);
                break;
            case AnyValue.ValueOneofCase.IntValue:
                writer.WriteNumberValue(value.IntValue);
                break;
            case AnyValue.ValueOneofCase.DoubleValue when double.IsFinite(value.DoubleValue):
                writer.WriteNumberValue(value.DoubleValue);
                break;
            case null or AnyValue.ValueOneofCase.None:
                writer.WriteNullValue();
                break;
            default:
                writer.WriteStringValue(Plain(value));
                break;
        }
    }
}
