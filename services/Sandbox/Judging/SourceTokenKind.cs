namespace O1Coder.Sandbox.Judging;

/// <summary>The kinds of token that <see cref="SourceTokens"/> tells apart.</summary>
internal enum SourceTokenKind
{
    /// <summary>A name, keyword or number.</summary>
    Word,

    /// <summary>A text in quotes.</summary>
    Text,

    /// <summary>A sign; &amp;&amp;, || and ?? are one each.</summary>
    Sign,
}
