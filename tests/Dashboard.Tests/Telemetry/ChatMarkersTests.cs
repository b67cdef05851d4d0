using O1Coder.Hosting.Dashboard.Telemetry.GenAi;

namespace O1Coder.Dashboard.Tests.Telemetry;

public class ChatMarkersTests
{
    public static TheoryData<string, string[]> Prompts => new()
    {
        {
            "<|im_start|>system\nYou write Python.<|im_end|>\n<|im_start|>user\nDouble x.\n\n  def f(x):\n      ...<|im_end|>\n<|im_start|>assistant\n",
            ["system: You write Python.", "user: Double x.\n\n  def f(x):\n      ..."]
        },
        {
            "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nStep 1:\n",
            ["user: Hi", "assistant: Step 1:\n"]
        },
        {
            "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nadd(a, b)?\n\nNow.<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
            ["system: Be brief.", "user: add(a, b)?\n\nNow."]
        },
        {
            "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\ndef f",
            ["user: Hi", "assistant: def f"]
        },

        // Said by a person about markers, an empty turn between others, and a text that was cut in the middle of it all.
        { "<|im_start|>user\nWhat is <|im_end too?<|im_end|>\n", ["user: What is <|im_end too?"] },
        { "<|im_start|>assistant\n<|im_end|>\n<|im_start|>tool\n{}<|im_end|>", ["assistant: ", "tool: {}"] },
        { "<|im_start|>user\nlong\n… 900 characters …\ner<|im_end|>\n<|im_start|>assistant", ["user: long\n… 900 characters …\ner"] },
    };

    [Theory]
    [MemberData(nameof(Prompts))]
    public void A_prompt_with_a_template_s_markers_is_its_messages(string prompt, string[] messages) =>
        Assert.Equal(messages, ChatMarkers.Split(prompt)!.Select(one => $"{one.Role}: {one.Text}"));

    [Theory]
    [InlineData("")]
    [InlineData("def double(x):\n    return 2 * x\n")]
    [InlineData("ChatML begins a message with <|im_start|>user\nand so on<|im_end|>")]
    [InlineData("<|im_start|>two words\n")]
    public void A_text_without_them_stays_one(string text) => Assert.Null(ChatMarkers.Split(text));
}
