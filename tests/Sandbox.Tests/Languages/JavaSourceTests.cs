using O1Coder.Sandbox.Languages;

namespace O1Coder.Sandbox.Tests.Languages;

public sealed class JavaSourceTests
{
    [Theory]
    [InlineData("public class Answer { public static void main(String[] a) { } }", "Answer", "Answer")]
    [InlineData("class A { } class B { static void main(String[] a) { } }", null, "B")]
    [InlineData("class A { static void main(String[] a) { } } public class B { }", "B", "A")]
    [InlineData("class A { static void main(String[] a) { } } public class B { static void main(String[] a) { } }", "B", "B")]
    [InlineData("package a.b; public final class C { public static void main(String... a) { } }", "C", "a.b.C")]
    [InlineData("// public class No\n/* public class No */ public class Yes { String s = \"public class No {\"; char c = '}'; static void main(String[] a) { } }", "Yes", "Yes")]
    [InlineData("public class A { static class Inner { static void main(String[] a) { } } }", "A", "A")]
    [InlineData("public record R(int a) { public static void main(String[] a) { } }", "R", "R")]
    [InlineData("public class T { String s = \"\"\"\n } public class No { \" \"\"\"; public static void main(String[] a) { } }", "T", "T")]
    [InlineData("", null, null)]
    [InlineData("}}}} public class A {", "A", "A")]
    [InlineData("public class ../../etc { }", null, null)]
    public void The_public_type_and_the_one_to_start(string source, string? name, string? main)
    {
        Assert.Equal(name, JavaSource.PublicType(source));
        Assert.Equal(main, JavaSource.MainType(source));
    }

    [Fact]
    public void A_long_hostile_text_takes_no_longer_than_its_length()
    {
        foreach (var part in new[] { "/*", "\"", "public ", "class class ", "'\\", "\"\"\"", "{", "package a." })
        {
            var source = string.Concat(Enumerable.Repeat(part, (1 << 20) / part.Length));
            Assert.True((JavaSource.PublicType(source)?.Length ?? 0) <= source.Length);
        }
    }
}
