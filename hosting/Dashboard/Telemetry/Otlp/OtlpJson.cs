using System.Buffers;
using System.Text;
using System.Text.Json;
using Google.Protobuf;

namespace O1Coder.Hosting.Dashboard.Telemetry.Otlp;

/// <summary>
/// Reads OTLP's JSON. It is protobuf's own mapping but for ids, which are hexadecimal, like "traceId":"5b8efff798038103d269b633813fc60c";
/// they are turned into base64, and protobuf's parser reads the rest.
/// </summary>
internal static class OtlpJson
{
    private const int MaxDepth = 64;

    private static readonly JsonParser s_parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <summary>Reads a message.</summary>
    /// <exception cref="FormatException">It is no JSON, or no JSON of this message.</exception>
    public static T Parse<T>(ReadOnlySequence<byte> json)
        where T : IMessage, new()
    {
        try
        {
            return s_parser.Parse<T>(WithBase64Ids(json));
        }
        catch (Exception exception) when (exception is JsonException or InvalidJsonException or InvalidProtocolBufferException or InvalidOperationException or OverflowException or ArgumentException)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    private static string WithBase64Ids(ReadOnlySequence<byte> json)
    {
        var buffer = new ArrayBufferWriter<byte>((int)json.Length);
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        var isId = false;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    writer.WriteStartObject();
                    break;
                case JsonTokenType.EndObject:
                    writer.WriteEndObject();
                    break;
                case JsonTokenType.StartArray:
                    writer.WriteStartArray();
                    break;
                case JsonTokenType.EndArray:
                    writer.WriteEndArray();
                    break;
                case JsonTokenType.PropertyName:
                    isId = reader.ValueTextEquals("traceId"u8) || reader.ValueTextEquals("spanId"u8) || reader.ValueTextEquals("parentSpanId"u8);
                    writer.WritePropertyName(reader.GetString()!);
                    continue;
                case JsonTokenType.String when isId:
                    var hex = reader.GetString()!;
                    writer.WriteStringValue(Convert.ToBase64String(Convert.FromHexString(hex)));
                    break;
                case JsonTokenType.String:
                    writer.WriteStringValue(reader.GetString());
                    break;
                case JsonTokenType.Number:
                    writer.WriteRawValue(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan.ToArray(), skipInputValidation: true);
                    break;
                case JsonTokenType.True or JsonTokenType.False:
                    writer.WriteBooleanValue(reader.TokenType == JsonTokenType.True);
                    break;
                default:
                    writer.WriteNullValue();
                    break;
            }

            isId = false;
        }

        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
