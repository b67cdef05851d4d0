import java.io.*;
import java.lang.reflect.*;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.*;

/** Reads one call from standard input, calls the program's method by reflection and answers on descriptor 3. */
public final class O1CoderDriver {
    private static byte[] data;
    private static int at = 4;

    /** A value of the call: null, Boolean, BigInteger, Double, String, List or Map. */
    private static Object read() {
        char tag = (char) data[at++];
        if (tag == 'N') return null;
        if (tag == 'T' || tag == 'F') return tag == 'T';
        int count = 0;
        while (data[at] != ':') count = count * 10 + (data[at++] - '0');
        at++;
        if (tag == 'l' || tag == 't' || tag == 'S') {
            List<Object> items = new ArrayList<>();
            for (int i = 0; i < count; i++) items.add(read());
            return items;
        }
        if (tag == 'd') {
            Map<Object, Object> made = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) { Object key = read(); made.put(key, read()); }
            return made;
        }
        String text = new String(data, at, count, StandardCharsets.UTF_8);
        at += count;
        if (tag == 'i') return new BigInteger(text, 16);
        if (tag == 'f') return text.endsWith("inf") ? (text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY) : text.equals("nan") ? Double.NaN : Double.parseDouble(text);
        return text;
    }

    private static IllegalArgumentException refuse(Object value, Type type) {
        return new IllegalArgumentException("an argument (" + (value == null ? "null" : value.getClass().getSimpleName()) + ") is not a " + type.getTypeName());
    }

    private static Object convert(Object value, Type type) {
        if (type instanceof ParameterizedType) return container(value, (ParameterizedType) type);
        if (!(type instanceof Class)) return natural(value);
        Class<?> kind = (Class<?>) type;
        if (value == null) { if (kind.isPrimitive()) throw refuse(null, type); return null; }
        if (kind.isArray()) {
            if (value instanceof String && kind == char[].class) return ((String) value).toCharArray();
            if (!(value instanceof List)) throw refuse(value, type);
            List<?> items = (List<?>) value;
            Object made = Array.newInstance(kind.getComponentType(), items.size());
            for (int i = 0; i < items.size(); i++) Array.set(made, i, convert(items.get(i), kind.getComponentType()));
            return made;
        }
        if (value instanceof BigInteger) {
            BigInteger number = (BigInteger) value;
            if (kind == int.class || kind == Integer.class) return number.intValueExact();
            if (kind == long.class || kind == Long.class) return number.longValueExact();
            if (kind == short.class || kind == Short.class) return number.shortValueExact();
            if (kind == byte.class || kind == Byte.class) return number.byteValueExact();
            if (kind == double.class || kind == Double.class) return number.doubleValue();
            if (kind == float.class || kind == Float.class) return number.floatValue();
            if (kind == BigInteger.class) return number;
        }
        if (value instanceof Double) {
            if (kind == double.class || kind == Double.class) return value;
            if (kind == float.class || kind == Float.class) return ((Double) value).floatValue();
        }
        if (value instanceof Boolean && (kind == boolean.class || kind == Boolean.class)) return value;
        if (value instanceof String) {
            String text = (String) value;
            if (kind == String.class || kind == CharSequence.class) return text;
            if ((kind == char.class || kind == Character.class) && text.length() == 1) return text.charAt(0);
        }
        if (value instanceof List && Collection.class.isAssignableFrom(kind) || value instanceof Map && Map.class.isAssignableFrom(kind) || kind == Object.class || kind == Number.class) return natural(value);
        throw refuse(value, type);
    }

    private static Object container(Object value, ParameterizedType type) {
        if (value == null) return null;
        Class<?> raw = (Class<?>) type.getRawType();
        Type[] of = type.getActualTypeArguments();
        if (raw == Optional.class) return Optional.of(convert(value, of[0]));
        if (value instanceof Map && Map.class.isAssignableFrom(raw)) {
            Map<Object, Object> made = raw.isAssignableFrom(LinkedHashMap.class) ? new LinkedHashMap<>() : new TreeMap<>();
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                // A name of JSON's that is to be a number.
                boolean number = of[0] == Integer.class || of[0] == Long.class;
                made.put(convert(number ? new BigInteger((String) entry.getKey()) : entry.getKey(), of[0]), convert(entry.getValue(), of[1]));
            }
            return made;
        }
        if (value instanceof List && Collection.class.isAssignableFrom(raw)) {
            Collection<Object> made = raw.isAssignableFrom(ArrayList.class) ? new ArrayList<>() : raw.isAssignableFrom(LinkedHashSet.class) ? new LinkedHashSet<>()
                : raw.isAssignableFrom(TreeSet.class) ? new TreeSet<>() : raw.isAssignableFrom(ArrayDeque.class) ? new ArrayDeque<>() : new LinkedList<>();
            if (!raw.isInstance(made)) throw refuse(value, type);
            for (Object item : (List<?>) value) made.add(convert(item, of[0]));
            return made;
        }
        throw refuse(value, type);
    }

    /** What a value is where the parameter does not say. */
    private static Object natural(Object value) {
        if (value instanceof BigInteger) {
            BigInteger number = (BigInteger) value;
            return number.bitLength() < 32 ? (Object) number.intValue() : number.bitLength() < 64 ? (Object) number.longValue() : number;
        }
        if (value instanceof List) { List<Object> made = new ArrayList<>(); for (Object item : (List<?>) value) made.add(natural(item)); return made; }
        if (value instanceof Map) { Map<Object, Object> made = new LinkedHashMap<>(); for (Map.Entry<?, ?> e : ((Map<?, ?>) value).entrySet()) made.put(e.getKey(), natural(e.getValue())); return made; }
        return value;
    }

    private static final class Fault extends RuntimeException {
        final String kind;
        Fault(String kind, String why) { super(why); this.kind = kind; }
    }

    private static void put(ByteArrayOutputStream out, byte[] bytes) {
        out.write(bytes, 0, bytes.length);
        if (out.size() > 8 << 20) throw new Fault("output-limit", "the value takes more than 8388608 bytes");
    }

    private static void put(ByteArrayOutputStream out, String text) { put(out, text.getBytes(StandardCharsets.UTF_8)); }

    private static void content(ByteArrayOutputStream out, char tag, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        put(out, tag + "" + bytes.length + ":");
        put(out, bytes);
    }

    private static void write(ByteArrayOutputStream out, Object value, int depth) {
        if (depth > 400) throw new Fault("wrong", "the value nests deeper than 400 levels");
        if (value == null) put(out, "N");
        else if (value instanceof Boolean) put(out, (Boolean) value ? "T" : "F");
        else if (value instanceof Byte || value instanceof Short || value instanceof Integer || value instanceof Long) content(out, 'i', Long.toString(((Number) value).longValue(), 16));
        else if (value instanceof BigInteger) content(out, 'i', ((BigInteger) value).toString(16));
        else if (value instanceof Float || value instanceof Double) {
            double number = ((Number) value).doubleValue();
            content(out, 'f', Double.isNaN(number) ? "nan" : Double.isInfinite(number) ? (number > 0 ? "inf" : "-inf") : Double.toString(number));
        } else if (value instanceof Character || value instanceof CharSequence) content(out, 's', value.toString());
        else if (value instanceof Optional) write(out, ((Optional<?>) value).orElse(null), depth);
        else if (value.getClass().isArray()) {
            int length = Array.getLength(value);
            put(out, "l" + length + ":");
            for (int i = 0; i < length; i++) write(out, Array.get(value, i), depth + 1);
        } else if (value instanceof Map) {
            Object[] entries = ((Map<?, ?>) value).entrySet().toArray();
            put(out, "d" + entries.length + ":");
            for (Object entry : entries) { write(out, ((Map.Entry<?, ?>) entry).getKey(), depth + 1); write(out, ((Map.Entry<?, ?>) entry).getValue(), depth + 1); }
        } else if (value instanceof Collection) {
            Object[] items = ((Collection<?>) value).toArray();
            // JSON has no sets: one with an order is a list.
            put(out, (value instanceof Set && !(value instanceof SortedSet) ? "S" : "l") + items.length + ":");
            for (Object item : items) write(out, item, depth + 1);
        } else content(out, 'O', value.getClass().getName());
    }

    private static byte[] message(String kind, String nonce, Object... rest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        put(out, "l" + (2 + rest.length) + ":");
        content(out, 's', kind);
        content(out, 's', nonce);
        for (Object item : rest) write(out, item, 0);
        return out.toByteArray();
    }

    /** A stream on descriptor 3, which only the machine's own classes can make. */
    private static OutputStream line() throws ReflectiveOperationException {
        Field field = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
        field.setAccessible(true);
        sun.misc.Unsafe memory = (sun.misc.Unsafe) field.get(null);
        FileDescriptor descriptor = new FileDescriptor();
        memory.putInt(descriptor, memory.objectFieldOffset(FileDescriptor.class.getDeclaredField("fd")), 3);
        return new FileOutputStream(descriptor);
    }

    private static Method find(Class<?> type, String name, int count) throws NoSuchMethodException {
        for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass())
            for (Method method : at.getDeclaredMethods())
                if (method.getName().equals(name) && method.getParameterCount() == count && !method.isBridge()) return method;
        throw new NoSuchMethodException("no method " + name + " of " + count + " parameters in " + type.getName());
    }

    /** The program's entry point. */
    public static void main(String[] arguments) throws Throwable {
        OutputStream line = line();
        data = System.in.readAllBytes();
        List<?> asked = (List<?>) read();
        String nonce = (String) asked.get(0);
        List<?> given = (List<?>) asked.get(2);
        Method method = find(Class.forName("@CLASS@"), "@METHOD@", given.size());
        method.setAccessible(true);
        Object target = null;
        if (!Modifier.isStatic(method.getModifiers())) {
            Constructor<?> maker = method.getDeclaringClass().getDeclaredConstructor();
            maker.setAccessible(true);
            target = maker.newInstance();
        }
        Object[] values = new Object[given.size()];
        for (int i = 0; i < values.length; i++) values[i] = convert(given.get(i), method.getGenericParameterTypes()[i]);
        Object value;
        try { value = method.invoke(target, values); }
        catch (InvocationTargetException thrown) { throw thrown.getCause(); }
        byte[] body;
        try { body = message("value", nonce, value); }
        catch (Fault fault) { body = message("unsendable", nonce, fault.kind, fault.getMessage()); }
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        new DataOutputStream(frame).writeInt(body.length);
        frame.write(body);
        line.write(frame.toByteArray());
        line.flush();
    }
}
