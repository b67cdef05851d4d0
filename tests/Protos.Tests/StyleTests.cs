using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using O1Coder.V1;

namespace O1Coder.Protos.Tests;

/// <summary>The buf style guide's rules, checked on the generated descriptors and, for comments, on the files.</summary>
public sealed partial class StyleTests
{
    private static readonly FileDescriptor[] s_files =
        [
            CommonReflection.Descriptor, PolicyReflection.Descriptor, SandboxReflection.Descriptor, SearchReflection.Descriptor,
            TrainingReflection.Descriptor, TcgReflection.Descriptor, PrmReflection.Descriptor, TrainerReflection.Descriptor,
            EvaluationReflection.Descriptor, SelfplayReflection.Descriptor,
        ];

    public static TheoryData<string> FileNames => [.. Directory.GetFiles(ProtoFolder, "*.proto").Select(path => Path.GetFileName(path))];

    private static string ProtoFolder => Path.Combine(AppContext.BaseDirectory, "protos");

    [Fact]
    public void Every_file_is_generated()
    {
        Assert.Equal(
            Directory.GetFiles(ProtoFolder, "*.proto").Select(Path.GetFileName).Order(),
            s_files.Select(file => Path.GetFileName(file.Name)).Order());
    }

    [Fact]
    public void Packages_and_places_agree()
    {
        Assert.All(s_files, file =>
        {
            Assert.Equal("o1coder.v1", file.Package);
            Assert.Matches("^o1coder/v1/[a-z_]+\\.proto$", file.Name);
        });
    }

    [Fact]
    public void Messages_and_fields_are_named_by_the_guide()
    {
        Assert.All(s_files.SelectMany(file => file.MessageTypes), message =>
        {
            Assert.Matches(UpperCamel(), message.Name);
            Assert.All(message.Fields.InDeclarationOrder(), field => Assert.Matches(LowerSnake(), field.Name));
            Assert.All(message.Oneofs.Where(oneof => !oneof.IsSynthetic), oneof => Assert.Matches(LowerSnake(), oneof.Name));
        });
    }

    [Fact]
    public void Enums_begin_with_unspecified_and_carry_their_prefix()
    {
        Assert.All(s_files.SelectMany(file => file.EnumTypes), type =>
        {
            Assert.Matches(UpperCamel(), type.Name);
            var prefix = CamelBorder().Replace(type.Name, "_").ToUpperInvariant() + "_";
            Assert.All(type.Values, value => Assert.StartsWith(prefix, value.Name, StringComparison.Ordinal));
            Assert.Equal(prefix + "UNSPECIFIED", type.FindValueByNumber(0).Name);
        });
    }

    [Fact]
    public void Services_and_their_messages_are_named_by_the_guide()
    {
        Assert.All(s_files.SelectMany(file => file.Services), service =>
        {
            Assert.EndsWith("Service", service.Name, StringComparison.Ordinal);
            Assert.All(service.Methods, method =>
            {
                Assert.Equal(method.Name + "Request", method.InputType.Name);
                Assert.Equal(method.Name + "Response", method.OutputType.Name);
            });
        });
    }

    [Theory]
    [MemberData(nameof(FileNames))]
    public void Everything_is_documented(string fileName)
    {
        var lines = File.ReadAllLines(Path.Combine(ProtoFolder, fileName));
        var undocumented = lines
            .Select((line, index) => (Line: line.Trim(), Before: index > 0 ? lines[index - 1].Trim() : ""))
            .Where(entry => Definition().IsMatch(entry.Line) && !entry.Before.StartsWith("//", StringComparison.Ordinal))
            .Select(entry => entry.Line);
        Assert.Empty(undocumented);
    }

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*$")]
    private static partial Regex UpperCamel();

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex LowerSnake();

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex CamelBorder();

    // message X {, enum X {, service X {, rpc X(, oneof x {, a field "type name = 1;" and an enum value "NAME = 1;".
    [GeneratedRegex(@"^(message|enum|service|rpc|oneof) \w+|^[\w. ]+ = \d+;$")]
    private static partial Regex Definition();
}
