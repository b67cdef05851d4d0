namespace O1Coder.Models;

/// <summary>Reads what tokenizer.json says of a text before its pieces are merged and of tokens that become text; what is not known is refused.</summary>
internal static class TokenizerJsonSteps
{
    /// <summary>SentencePiece's mark for a space.</summary>
    public const char Mark = '\u2581';

    private const int MostSteps = 16;

    /// <summary>Reads <c>normalizer</c> and <c>pre_tokenizer</c>.</summary>
    /// <returns>Both, and whether pieces are taken by bytes.</returns>
    public static (TextPipeline Pipeline, bool ByteLevel) ReadPipeline(JsonFields root)
    {
        var pipeline = new TextPipeline
        {
            Splitter = new WholeSplitter(),
            Normalizers = [.. Steps(root, "normalizer", "normalizers").Select(ReadNormalizer)],
        };
        var (byteLevel, split) = (false, false);
        foreach (var step in Steps(root, "pre_tokenizer", "pretokenizers"))
        {
            switch (step.Text("type"))
            {
                case "Split" when !split && !byteLevel:
                    pipeline = pipeline with { Splitter = ReadSplit(step) };
                    split = true;
                    break;
                case "ByteLevel" when !byteLevel && pipeline.Mark is null:
                    if (step.Flag("add_prefix_space", true))
                    {
                        throw step.Wrong("add_prefix_space", "false: a space that is put before texts is not known");
                    }

                    if (step.Flag("use_regex", true))
                    {
                        pipeline = !split ? pipeline with { Splitter = ExpressionSplitter.Gpt2 }
                            : throw step.Wrong("use_regex", "false where a Split comes before");
                    }

                    byteLevel = true;
                    break;
                case "Metaspace" when !split && !byteLevel && pipeline.Mark is null:
                    pipeline = ReadMetaspace(step, pipeline);
                    break;
                default:
                    throw step.Wrong("type", "Split, then ByteLevel, or Metaspace");
            }
        }

        return (pipeline, byteLevel);
    }

    /// <summary>Reads <c>decoder</c>.</summary>
    /// <returns>Its steps, or null where all is bytes.</returns>
    public static List<Func<List<string>, List<string>>>? ReadDecoder(JsonFields root)
    {
        if (!root.Has("decoder"))
        {
            // Without a decoder tokens are words.
            return [texts => [string.Join(' ', texts)]];
        }

        var steps = Steps(root, "decoder", "decoders");
        return steps is [var only] && only.Text("type") == "ByteLevel" ? null : [.. steps.Select(ReadDecodingStep)];
    }

    /// <summary>The step, or the steps of a <c>Sequence</c>; sequences within it are not known.</summary>
    private static List<JsonFields> Steps(JsonFields root, string name, string list)
    {
        if (!root.Has(name))
        {
            return [];
        }

        var step = root.Object(name);
        if (step.Text("type") != "Sequence")
        {
            return [step];
        }

        var steps = step.Objects(list);
        return steps.Count <= MostSteps ? steps : throw step.Wrong(list, $"at most {MostSteps} steps");
    }

    private static Func<string, string> ReadNormalizer(JsonFields step)
    {
        switch (step.Text("type"))
        {
            case "NFC":
                return CanonicalComposition.Compose;
            case "Prepend":
                var prefix = step.Text("prepend");
                return text => text.Length > 0 ? prefix + text : text;
            case "Replace":
                var (old, replacement) = ReadReplace(step);
                return text => text.Replace(old, replacement, StringComparison.Ordinal);
            default:
                throw step.Wrong("type", "NFC, Prepend, Replace or a Sequence of them");
        }
    }

    private static Splitter ReadSplit(JsonFields step)
    {
        if (step.Text("behavior") != "Isolated")
        {
            throw step.Wrong("behavior", "Isolated");
        }

        if (step.Flag("invert", false))
        {
            throw step.Wrong("invert", "false");
        }

        // Expressions are known by their text: one from a file could take any time.
        var pattern = step.Object("pattern");
        return pattern.Text("Regex") switch
        {
            WordSplitter.QwenPattern => WordSplitter.Qwen,
            WordSplitter.Llama3Pattern => WordSplitter.Llama3,
            ExpressionSplitter.TekkenPattern => ExpressionSplitter.Tekken,
            ExpressionSplitter.Gpt2Pattern => ExpressionSplitter.Gpt2,
            _ => throw pattern.Wrong("Regex", "that of Qwen2, Llama 3, Mistral's Tekken or GPT-2"),
        };
    }

    private static TextPipeline ReadMetaspace(JsonFields step, TextPipeline pipeline)
    {
        var mark = step.Text("replacement");
        if (mark.Length != 1)
        {
            throw step.Wrong("replacement", "one character");
        }

        // Older files say add_prefix_space, whose true is always.
        var prefix = step.Text("prepend_scheme", step.Flag("add_prefix_space", true) ? "always" : "never") switch
        {
            "always" => MarkPrefix.Always,
            "first" => MarkPrefix.First,
            "never" => MarkPrefix.Never,
            _ => throw step.Wrong("prepend_scheme", "always, first or never"),
        };
        return pipeline with
        {
            Mark = mark[0],
            Prefix = prefix,
            Splitter = step.Flag("split", true) ? new MarkSplitter(mark[0], everyMark: true) : pipeline.Splitter,
        };
    }

    private static Func<List<string>, List<string>> ReadDecodingStep(JsonFields step)
    {
        switch (step.Text("type"))
        {
            case "ByteLevel":
                return DecodingSteps.ByteLevel;
            case "ByteFallback":
                return DecodingSteps.ByteFallback;
            case "Fuse":
                return DecodingSteps.Fuse;
            case "Replace":
                var (old, replacement) = ReadReplace(step);
                return DecodingSteps.Replace(old, replacement);
            case "Strip":
                return step.Text("content") is [var character]
                    ? DecodingSteps.Strip(character, step.Number("start", 0, 1 << 16), step.Number("stop", 0, 1 << 16))
                    : throw step.Wrong("content", "one character");
            case "Metaspace":
                var metaspace = ReadMetaspace(step, new TextPipeline { Splitter = new WholeSplitter() });
                return DecodingSteps.Marks(metaspace.Mark!.Value, metaspace.Prefix != MarkPrefix.Never);
            default:
                throw step.Wrong("type", "ByteLevel, ByteFallback, Fuse, Replace, Strip, Metaspace or a Sequence of them");
        }
    }

    private static (string Old, string Replacement) ReadReplace(JsonFields step)
    {
        var pattern = step.Object("pattern");
        var old = pattern.Text("String");
        return old.Length > 0 ? (old, step.Text("content")) : throw pattern.Wrong("String", "a text, not empty");
    }
}
