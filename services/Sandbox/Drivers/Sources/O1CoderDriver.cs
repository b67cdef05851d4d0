using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Text;

// Reads one call from standard input, calls the program's method by reflection and answers on descriptor 3.
internal static class O1CoderDriver
{
    private sealed class Fault : Exception
    {
        public Fault(string kind, string why) : base(why) => Kind = kind;

        public string Kind { get; }
    }

    private static byte[] s_data = Array.Empty<byte>();
    private static int s_at = 4;

    private static object Read()
    {
        var tag = (char)s_data[s_at++];
        if (tag is 'N' or 'T' or 'F')
        {
            return tag == 'N' ? null : (object)(tag == 'T');
        }

        var count = 0;
        while (s_data[s_at] != ':')
        {
            count = (count * 10) + (s_data[s_at++] - '0');
        }

        s_at++;
        if (tag is 'l' or 't' or 'S' or 'd')
        {
            var items = new List<object>();
            for (var i = 0; i < (tag == 'd' ? 2 * count : count); i++)
            {
                items.Add(Read());
            }

            return tag != 'd' ? items : items.Chunk(2).Select(pair => new KeyValuePair<string, object>((string)pair[0], pair[1])).ToArray();
        }

        var text = Encoding.UTF8.GetString(s_data, s_at, count);
        s_at += count;
        return tag switch
        {
            'i' => text[0] == '-' ? -BigInteger.Parse("0" + text.Substring(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : BigInteger.Parse("0" + text, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            'f' => text switch { "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, "nan" => double.NaN, _ => double.Parse(text, CultureInfo.InvariantCulture) },
            _ => text,
        };
    }

    private static object Convert(object value, Type type)
    {
        type = Nullable.GetUnderlyingType(type) is { } inner && value is not null ? inner : type;
        switch (value)
        {
            case null when !type.IsValueType || Nullable.GetUnderlyingType(type) is not null:
                return null;
            case bool when type == typeof(bool) || type == typeof(object):
                return value;
            case string text when type == typeof(string) || type == typeof(object):
                return text;
            case string { Length: 1 } text when type == typeof(char):
                return text[0];
            case string text when type == typeof(char[]):
                return text.ToCharArray();
            case BigInteger number when type == typeof(BigInteger):
                return number;
            case BigInteger number when type == typeof(object):
                return number >= int.MinValue && number <= int.MaxValue ? (int)number : number >= long.MinValue && number <= long.MaxValue ? (long)number : number;
            case BigInteger number when type.IsPrimitive || type == typeof(decimal):
                return type == typeof(int) ? (int)number : type == typeof(long) ? (long)number : type == typeof(double) ? (double)number : type == typeof(float) ? (float)number
                    : type == typeof(short) ? (short)number : type == typeof(byte) ? (byte)number : type == typeof(sbyte) ? (sbyte)number : type == typeof(ushort) ? (ushort)number
                    : type == typeof(uint) ? (uint)number : type == typeof(ulong) ? (ulong)number : type == typeof(decimal) ? (object)(decimal)number : throw Refuse(value, type);
            case double number when type == typeof(double) || type == typeof(object):
                return number;
            case double number when type == typeof(float):
                return (float)number;
            case double number when type == typeof(decimal):
                return (decimal)number;
            case List<object> items when type.IsArray:
                var array = Array.CreateInstance(type.GetElementType(), items.Count);
                for (var i = 0; i < items.Count; i++)
                {
                    array.SetValue(Convert(items[i], type.GetElementType()), i);
                }

                return array;
            case List<object> items when type == typeof(object):
                return items.Select(item => Convert(item, typeof(object))).ToList();
            case List<object> items when type.IsGenericType && typeof(System.Runtime.CompilerServices.ITuple).IsAssignableFrom(type):
                return Activator.CreateInstance(type, items.Zip(type.GetGenericArguments(), Convert).ToArray());
            case List<object> items when type.IsGenericType && type.GetGenericArguments().Length == 1:
                var of = type.GetGenericArguments()[0];
                var list = Array.CreateInstance(of, items.Count);
                for (var i = 0; i < items.Count; i++)
                {
                    list.SetValue(Convert(items[i], of), i);
                }

                var concrete = !type.IsInterface ? type : (type.Name.Contains("Set", StringComparison.Ordinal) ? typeof(HashSet<>) : typeof(List<>)).MakeGenericType(of);
                return Activator.CreateInstance(concrete, list);
            case KeyValuePair<string, object>[] pairs when type.IsGenericType && type.GetGenericArguments().Length == 2:
                var types = type.GetGenericArguments();
                var map = (IDictionary)Activator.CreateInstance(type.IsInterface ? typeof(Dictionary<,>).MakeGenericType(types) : type);
                foreach (var pair in pairs)
                {
                    // A name of JSON's that is to be a number.
                    map.Add(types[0] == typeof(string) || types[0] == typeof(char) ? Convert(pair.Key, types[0]) : Convert(BigInteger.Parse(pair.Key, CultureInfo.InvariantCulture), types[0]), Convert(pair.Value, types[1]));
                }

                return map;
            case KeyValuePair<string, object>[] pairs when type == typeof(object):
                return pairs.ToDictionary(pair => pair.Key, pair => Convert(pair.Value, typeof(object)));
            default:
                throw Refuse(value, type);
        }
    }

    private static ArgumentException Refuse(object value, Type type) => new($"an argument ({value?.GetType().Name ?? "null"}) is not a {type}");

    private static void Put(MemoryStream stream, string text)
    {
        stream.Write(Encoding.UTF8.GetBytes(text));
        if (stream.Length > 8 << 20)
        {
            throw new Fault("output-limit", "the value takes more than 8388608 bytes");
        }
    }

    private static void Content(MemoryStream stream, char tag, string text) => Put(stream, $"{tag}{Encoding.UTF8.GetByteCount(text)}:{text}");

    private static void Write(MemoryStream stream, object value, int depth)
    {
        if (depth > 400)
        {
            throw new Fault("wrong", "the value nests deeper than 400 levels");
        }

        switch (value)
        {
            case null:
                Put(stream, "N");
                break;
            case bool flag:
                Put(stream, flag ? "T" : "F");
                break;
            case sbyte or byte or short or ushort or int or uint or long or ulong or BigInteger or Int128:
                var number = value is BigInteger big ? big : BigInteger.Parse(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
                var digits = BigInteger.Abs(number).ToString("x", CultureInfo.InvariantCulture).TrimStart('0');
                Content(stream, 'i', (number.Sign < 0 ? "-" : "") + (digits.Length == 0 ? "0" : digits));
                break;
            case float or double:
                var real = value is float single ? single : (double)value;
                Content(stream, 'f', double.IsNaN(real) ? "nan" : double.IsInfinity(real) ? (real > 0 ? "inf" : "-inf") : real.ToString("R", CultureInfo.InvariantCulture));
                break;
            case decimal exact:
                Content(stream, 'f', exact.ToString(CultureInfo.InvariantCulture));
                break;
            case string or char:
                Content(stream, 's', value.ToString());
                break;
            case IDictionary map:
                Put(stream, $"d{map.Count}:");
                foreach (DictionaryEntry entry in map)
                {
                    Write(stream, entry.Key, depth + 1);
                    Write(stream, entry.Value, depth + 1);
                }

                break;
            case System.Runtime.CompilerServices.ITuple tuple:
                Put(stream, $"l{tuple.Length}:");
                for (var i = 0; i < tuple.Length; i++)
                {
                    Write(stream, tuple[i], depth + 1);
                }

                break;
            case IEnumerable sequence:
                // JSON has no sets: one with an order is a list. What has no end has no count that fits.
                var items = sequence.Cast<object>().Take(8 << 20).ToList();
                Put(stream, $"{(value.GetType().Name.StartsWith("HashSet", StringComparison.Ordinal) ? 'S' : 'l')}{items.Count}:");
                items.ForEach(item => Write(stream, item, depth + 1));
                break;
            default:
                Content(stream, 'O', value.GetType().Name);
                break;
        }
    }

    private static byte[] Message(string kind, string nonce, params object[] rest)
    {
        var stream = new MemoryStream();
        Put(stream, $"l{2 + rest.Length}:");
        Content(stream, 's', kind);
        Content(stream, 's', nonce);
        foreach (var item in rest)
        {
            Write(stream, item, 0);
        }

        return stream.ToArray();
    }

    public static void Main()
    {
        var given = new MemoryStream();
        Console.OpenStandardInput().CopyTo(given);
        s_data = given.ToArray();
        var asked = (List<object>)Read();
        var (nonce, arguments) = ((string)asked[0], (List<object>)asked[2]);
        const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.FlattenHierarchy;
        var types = Assembly.GetExecutingAssembly().GetTypes().Where(type => type != typeof(O1CoderDriver) && type.DeclaringType != typeof(O1CoderDriver));
        var method = types.Where(type => "@CLASS@".Length == 0 || type.Name == "@CLASS@")
            .SelectMany(type => type.GetMethods(Any)).FirstOrDefault(found => (found.Name == "@METHOD@" || found.Name.Contains(">g__@METHOD@|", StringComparison.Ordinal)) && found.GetParameters().Length == arguments.Count)
            ?? throw new MissingMethodException("no method @METHOD@ of " + arguments.Count + " parameters in the program");
        var target = method.IsStatic ? null : Activator.CreateInstance(method.DeclaringType, nonPublic: true);
        var values = arguments.Zip(method.GetParameters(), (value, parameter) => Convert(value, parameter.ParameterType)).ToArray();
        var result = method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, values, CultureInfo.InvariantCulture);
        byte[] body;
        try
        {
            body = Message("value", nonce, result);
        }
        catch (Fault fault)
        {
            body = Message("unsendable", nonce, fault.Kind, fault.Message);
        }

        var frame = new byte[body.Length + 4];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame, body.Length);
        body.CopyTo(frame, 4);
        using var line = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle((IntPtr)3, ownsHandle: false), FileAccess.Write, 1);
        line.Write(frame);
        line.Flush();
    }
}
