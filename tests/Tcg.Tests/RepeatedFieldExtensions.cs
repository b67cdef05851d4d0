using Google.Protobuf.Collections;

namespace O1Coder.Tcg.Tests;

internal static class RepeatedFieldExtensions
{
    public static T AddAndReturn<T>(this RepeatedField<T> field, T item)
    {
        field.Add(item);
        return item;
    }
}
