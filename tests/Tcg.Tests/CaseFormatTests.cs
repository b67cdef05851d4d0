namespace O1Coder.Tcg.Tests;

public sealed class CaseFormatTests
{
    [Fact]
    public void WhatIsWrittenIsRead()
    {
        List<WrittenCase?> cases = [new("3\n1 2 3", "6"), new("", "0"), new("'a # input: b'", "1\n2"), new("7", null)];

        Assert.Equal(
            "```case\n# input:\n3\n1 2 3\n# output:\n6\n```\n\n```case\n# input:\n# output:\n0\n```",
            CaseFormat.Write(cases.Take(2).OfType<WrittenCase>()));
        Assert.Equal(cases, CaseFormat.Read(CaseFormat.Write(cases.OfType<WrittenCase>()), isCutOff: false));
    }

    [Fact]
    public void BrokenCasesAreNullAndTheOthersStay()
    {
        const string Text = """
            Here they are:
            ```case
            # input:
            1
            # output:
            2
            ```
            ```case
            input: 3
            output: 4
            ```
            ```case
            # input:
            5
            # input:
            6
            # output:
            7
            ```
            ```case
            # input:
            8
            ```case
            # input:
            9
            # output:
            10
            """;

        Assert.Equal(
            [new WrittenCase("1", "2"), null, null, null, new WrittenCase("9", "10")], CaseFormat.Read(Text, isCutOff: false));
        Assert.Equal([new WrittenCase("1", "2"), null, null, null], CaseFormat.Read(Text, isCutOff: true));
    }
}
