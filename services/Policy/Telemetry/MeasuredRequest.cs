using System.Diagnostics;
using O1Coder.Inference;

namespace O1Coder.Policy;

/// <summary>The span and the counters of one request; disposing ends them.</summary>
internal sealed class MeasuredRequest(PolicyTelemetry telemetry, Activity? activity, TagList tags) : IDisposable
{
    private readonly List<string> _finishReasons = [];
    private List<(string Text, string FinishReason)>? _answers;

    /// <summary>The span, or null if nobody listens.</summary>
    public Activity? Activity { get; } = activity;

    /// <summary>What the request's measurements are told apart by.</summary>
    public TagList Tags { get; } = tags;

    /// <summary>Says which adapter the request runs with.</summary>
    public void Use(NamedAdapter? adapter)
    {
        if (adapter is not null)
        {
            Activity?.SetTag("o1coder.policy.adapter", adapter.Name).SetTag("o1coder.policy.adapter_version", adapter.Version);
        }
    }

    /// <summary>Puts the prompt on the span, and in the end the answers.</summary>
    /// <param name="prompt">Its text.</param>
    public void CaptureMessages(string prompt)
    {
        _answers = [];
        Activity?.SetTag("gen_ai.input.messages", GenAiMessages.Input(prompt));
    }

    /// <summary>Takes up what an event tells.</summary>
    public void Record(GenerationEvent generated)
    {
        switch (generated)
        {
            case SequenceFinished finished:
                _finishReasons.Add(finished.Reason switch
                {
                    FinishReason.EndOfTurn or FinishReason.StopString => "stop",
                    _ => "length",
                });
                _answers?.Add((finished.Text, _finishReasons[^1]));
                break;
            case GenerationUsage usage:
                telemetry.Count(usage, Tags);
                Activity?.SetTag("gen_ai.usage.output_tokens", usage.GeneratedTokens)
                    .SetTag("gen_ai.usage.cache_read.input_tokens", usage.CachedTokens)
                    .SetTag("gen_ai.response.finish_reasons", _finishReasons.ToArray());
                if (_answers is not null)
                {
                    Activity?.SetTag("gen_ai.output.messages", GenAiMessages.Output(_answers));
                }

                break;
            default:
                break;
        }
    }

    /// <summary>Marks the request as failed.</summary>
    public void Fail(string errorType) => Activity?.SetTag("error.type", errorType).SetStatus(ActivityStatusCode.Error);

    /// <inheritdoc />
    public void Dispose()
    {
        Activity?.Dispose();
        telemetry.End(Tags);
    }
}
