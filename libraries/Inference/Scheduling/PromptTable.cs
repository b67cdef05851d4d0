using System.Diagnostics.CodeAnalysis;
using O1Coder.Inference.Backends;
using O1Coder.Inference.Caching;

namespace O1Coder.Inference.Scheduling;

/// <summary>
/// The prompts that are open: at most one that is being prefilled, and those that are ready and have sequences yet to start,
/// which keep their keys and values. A prompt that must make room for one that goes before it waits in the queue again: what
/// was computed of it goes into the prefix cache, where it is found again. Of two prompts that begin alike, one is prefilled
/// before the other is opened, so that what they share is computed once. One thread uses it.
/// </summary>
/// <param name="queue">Says who goes first.</param>
/// <param name="backend">Holds keys and values.</param>
/// <param name="cache">Keeps what was computed.</param>
/// <param name="keepsParts">Whether the cache keeps anything: without it, a half prefilled prompt makes room for nobody.</param>
internal sealed class PromptTable(FairQueue queue, IBackend backend, PrefixCache cache, bool keepsParts)
{
    private readonly List<OpenPrompt> _open = [];
    private readonly Stack<float[]> _spareLogits = [];

    /// <summary>Open prompts.</summary>
    public int Count => _open.Count;

    /// <summary>The one that is being prefilled, or null.</summary>
    public OpenPrompt? Filling { get; private set; }

    /// <summary>Of the ready ones the one whose sequence starts next, or null.</summary>
    public OpenPrompt? NextReady()
    {
        OpenPrompt? next = null;
        foreach (var prompt in _open)
        {
            if (prompt.IsReady && (next is null || queue.Before(prompt.Job, next.Job)))
            {
                next = prompt;
            }
        }

        return next;
    }

    /// <summary>The request to prefill next if it can be opened now; whoever must make room for it has done so.</summary>
    public Job? Choose()
    {
        if (Filling is { } filling)
        {
            if (!keepsParts || queue.Next() is not { } urgent
                || urgent.Ticket.Priority <= filling.Job.Ticket.Priority || !queue.Before(urgent, filling.Job))
            {
                return null;
            }

            Park(filling);
            return urgent;
        }

        var job = queue.Next();
        if (job is null || _open.Count < backend.MaxPrompts)
        {
            return job;
        }

        var last = _open[0];
        foreach (var prompt in _open)
        {
            last = queue.Before(last.Job, prompt.Job) ? prompt : last;
        }

        if (!queue.Before(job, last.Job))
        {
            return null;
        }

        Park(last);
        return job;
    }

    /// <summary>Opens a request's prompt, and begins it with what the cache has.</summary>
    /// <returns>False when it was taken back meanwhile.</returns>
    public bool Open(Job job)
    {
        if (!queue.Open(job))
        {
            return false;
        }

        var logits = _spareLogits.TryPop(out var spare) ? spare : new float[backend.VocabularySize];
        var sequence = backend.Open(job.Adapter?.Prepared);
        Filling = new OpenPrompt(job, sequence, logits);
        _open.Add(Filling);

        // Positions whose results are wanted must be computed, and what is computed must make a chunk.
        var reusable = Math.Min(job.Positions[job.Taken], job.Path.Length - backend.MinChunk);
        job.Begin(cache.Load(job.Path, Math.Max(0, reusable), sequence));
        return true;
    }

    /// <summary>The prompt is prefilled: its sequences can start, or it is done.</summary>
    public void Ready()
    {
        var prompt = Filling!;
        Filling = null;
        prompt.IsReady = true;
        Keep(prompt);
    }

    /// <summary>Nothing of a prompt waits any more.</summary>
    public void Close(OpenPrompt prompt)
    {
        queue.Leave(prompt.Job);
        Remove(prompt);
    }

    /// <summary>Closes prompts that nobody waits for.</summary>
    public void Sweep()
    {
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            if (_open[i].Job.Cancelled)
            {
                Close(_open[i]);
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Every failure is handed to those who wait for the result.")]
    private void Park(OpenPrompt prompt)
    {
        try
        {
            Keep(prompt);
        }
        catch (Exception error)
        {
            prompt.Job.Fail(error);
            Close(prompt);
            return;
        }

        // The logits behind a prompt are not kept, so its last token is computed once more.
        prompt.Job.Taken = Math.Min(prompt.Job.Taken, prompt.Job.Positions.Length - 1);
        Remove(prompt);
        queue.Park(prompt.Job);
    }

    private void Keep(OpenPrompt prompt)
    {
        // A lone first token may have been computed otherwise than in a chunk.
        var sequence = prompt.Sequence;
        if (sequence.Length >= backend.MinChunk)
        {
            cache.Add(prompt.Job.Path.AsSpan(0, sequence.Length), sequence);
        }

        // Its sequences, or itself when it goes on, need what it has.
        if (!prompt.Job.Cancelled)
        {
            prompt.Job.Hold(cache.Claim(prompt.Job.Path, prompt.Job.Adapter?.Prepared));
        }
    }

    private void Remove(OpenPrompt prompt)
    {
        if (Filling == prompt)
        {
            Filling = null;
        }

        _open.Remove(prompt);
        _spareLogits.Push(prompt.Logits);
        backend.Close(prompt.Sequence);
    }
}
