using System.Diagnostics.CodeAnalysis;
using O1Coder.Inference.Backends;
using O1Coder.Inference.Caching;
using O1Coder.Inference.Sampling;
using O1Coder.Models;

namespace O1Coder.Inference.Scheduling;

/// <summary>
/// Computes steps and draws from what they give. In steady state it allocates nothing: what a step needs is made once, and
/// drawing takes the threads that compute. One thread uses it.
/// </summary>
internal sealed class StepRunner
{
    // While others decode, a prompt is prefilled in smaller chunks, so that they wait less.
    private const int ChunkWhileDecoding = 64;

    private readonly IBackend _backend;
    private readonly PrefixCache _cache;
    private readonly PromptTable _prompts;
    private readonly FairQueue _queue;
    private readonly ITokenizer _tokenizer;
    private readonly IReadOnlyList<int> _endOfTurn;
    private readonly Sampler[] _samplers;
    private readonly StepPlan _plan;
    private readonly Action<int, int> _draw;
    private readonly Action<int, int> _drawFirst;

    // Sequences that draw now, and where the first logits of each that starts are.
    private readonly List<RunningSequence> _drawing = [];
    private readonly List<float[]> _firstLogits = [];

    // Of the chunk in the step: its first row of results, and how many.
    private int _firstRow;
    private int _rows;

    /// <summary>Makes room for steps.</summary>
    public StepRunner(
        IBackend backend, PrefixCache cache, PromptTable prompts, FairQueue queue, ITokenizer tokenizer, IReadOnlyList<int> endOfTurn)
    {
        (_backend, _cache, _prompts, _queue, _tokenizer, _endOfTurn) = (backend, cache, prompts, queue, tokenizer, endOfTurn);
        _samplers = [.. Enumerable.Range(0, backend.Threads).Select(_ => new Sampler(backend.VocabularySize))];
        _plan = new StepPlan(
            backend.MaxSequences + 1, backend.MaxChunk + backend.MaxSequences, backend.MaxLogitRows + backend.MaxSequences);
        (_draw, _drawFirst) = (Draw, DrawFirst);
    }

    /// <summary>Starts sequences of ready prompts as long as there are places, and draws their first tokens.</summary>
    /// <param name="running">Takes those that go on.</param>
    public void Start(List<RunningSequence> running)
    {
        while (running.Count < _backend.MaxSequences && _prompts.NextReady() is not null)
        {
            _drawing.Clear();
            _firstLogits.Clear();
            while (running.Count + _drawing.Count < _backend.MaxSequences && _prompts.NextReady() is { } prompt)
            {
                Start(prompt);
            }

            _backend.Run(_drawing.Count, _drawFirst);
            running.AddRange(_drawing);
            TellAndLeave(running);
        }
    }

    /// <summary>
    /// One step: of every running sequence the next token, and a chunk of the prompt that is being prefilled. A failure ends
    /// the requests that it hits and no others: what fails together is tried again one by one.
    /// </summary>
    /// <param name="running">Those that end leave it.</param>
    public void Step(List<RunningSequence> running)
    {
        var prompt = _prompts.Filling;
        if (running.Count == 0 && prompt is null)
        {
            return;
        }

        _drawing.Clear();
        _drawing.AddRange(running);
        if (Attempt(prompt) is { } error)
        {
            OneByOne(running, prompt, error);
        }

        TellAndLeave(running);
    }

    // Takes a turn, and with the last sequence lets the prompt go.
    [SuppressMessage("Design", "CA1031", Justification = "Every failure is handed to those who wait for the result.")]
    private void Start(OpenPrompt prompt)
    {
        var job = (GenerateJob)prompt.Job;
        try
        {
            var sequence = new RunningSequence(job, job.Started++, _tokenizer, _endOfTurn, _backend.ContextLength, _backend.MaxDrawn);
            sequence.Begin();
            sequence.State = _backend.Fork(prompt.Sequence);
            _drawing.Add(sequence);
            _firstLogits.Add(prompt.Logits);
            _queue.TakeTurn(job);
        }
        catch (Exception error)
        {
            Fail(job, error);
            job.Started = job.Sequences;
        }

        if (job.Started == job.Sequences)
        {
            _prompts.Close(prompt);
        }
    }

    private void OneByOne(List<RunningSequence> running, OpenPrompt? prompt, Exception error)
    {
        if (running.Count + (prompt is null ? 0 : 1) == 1)
        {
            Fail(prompt?.Job ?? running[0].Job, error);
            return;
        }

        foreach (var sequence in running)
        {
            _drawing.Clear();
            _drawing.Add(sequence);
            if (!sequence.Job.Cancelled && Attempt(null) is { } own)
            {
                Fail(sequence.Job, own);
            }
        }

        _drawing.Clear();
        if (prompt is { Job.Cancelled: false } && Attempt(prompt) is { } its)
        {
            Fail(prompt.Job, its);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Every failure is handed to those who wait for the result.")]
    private Exception? Attempt(OpenPrompt? prompt)
    {
        try
        {
            Plan(prompt);
            _plan.Run(_backend);
        }
        catch (Exception error)
        {
            return error;
        }

        _backend.Run(_drawing.Count, _draw);
        foreach (var sequence in _drawing)
        {
            var kept = sequence.Kept;
            if (kept < sequence.State!.Length)
            {
                _backend.Truncate(sequence.State, kept);
            }
        }

        if (prompt is not null)
        {
            TakeResults(prompt);
        }

        return null;
    }

    private void Plan(OpenPrompt? prompt)
    {
        _plan.Clear();

        // A step with a chunk is full: rows for guesses would cost what they bring.
        var guesses = prompt is null && _drawing.Count <= Speculation.MostSequences
            ? Math.Min(_plan.TokensLeft, _plan.RowsLeft) - _drawing.Count
            : 0;
        var least = Speculation.Least(_drawing.Count);
        foreach (var sequence in _drawing)
        {
            _plan.Begin(sequence.State!);
            _plan.Add(sequence.LastToken);
            sequence.Row = _plan.WantLogits(0);
            if (guesses > 0)
            {
                var guess = sequence.Guess(least, guesses);
                _plan.Add(guess);
                for (var i = 1; i <= guess.Length; i++)
                {
                    _plan.WantLogits(i);
                }

                guesses -= guess.Length;
            }
        }

        if (prompt is not null)
        {
            PlanChunk(prompt);
        }
    }

    private void PlanChunk(OpenPrompt prompt)
    {
        var (job, start) = (prompt.Job, prompt.Sequence.Length);
        var left = job.Path.Length - start;
        var most = _drawing.Count > 0 ? Math.Min(ChunkWhileDecoding, _backend.MaxChunk) : _backend.MaxChunk;
        var count = Math.Min(left, Math.Min(most, _plan.TokensLeft));

        // Positions are ascending: those of this chunk follow those of the last.
        if (IndexFrom(job, start + count) - job.Taken > _plan.RowsLeft)
        {
            count = job.Positions[job.Taken + _plan.RowsLeft] - start;
        }

        if (count < left && left - count < _backend.MinChunk)
        {
            count = left - _backend.MinChunk;
        }

        _plan.Begin(prompt.Sequence);
        _plan.Add(job.Path.AsSpan(start, count));
        _rows = IndexFrom(job, start + count) - job.Taken;
        var hidden = job is ScoringJob { WantsHidden: true };
        for (var i = 0; i < _rows; i++)
        {
            var at = job.Positions[job.Taken + i] - start;
            var row = hidden ? _plan.WantHidden(at) : _plan.WantLogits(at);
            _firstRow = i == 0 ? row : _firstRow;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Every failure is handed to those who wait for the result.")]
    private void TakeResults(OpenPrompt prompt)
    {
        try
        {
            var job = prompt.Job;
            for (var row = _firstRow; row < _firstRow + _rows; row++, job.Taken++)
            {
                TakeResult(prompt, row);
            }

            if (prompt.Sequence.Length == job.Path.Length)
            {
                _prompts.Ready();
                Complete(prompt);
            }
        }
        catch (Exception error)
        {
            Fail(prompt.Job, error);
        }
    }

    private void TakeResult(OpenPrompt prompt, int row)
    {
        var job = prompt.Job;
        if (job is ScoringJob scoring)
        {
            scoring.Take(job.Taken, scoring.WantsHidden ? _backend.Hidden(row) : _backend.Logits(row), _samplers[0]);
        }
        else if (job.Taken < job.Positions.Length - 1)
        {
            ((GenerateJob)job).TakeForced(job.Taken, _backend.Logits(row), _samplers[0]);
        }
        else
        {
            _backend.Logits(row).CopyTo(prompt.Logits);
        }
    }

    private void Complete(OpenPrompt prompt)
    {
        if (prompt.Job is ScoringJob scoring)
        {
            scoring.Complete();
            _queue.TakeTurn(scoring);
            _prompts.Close(prompt);
        }
        else
        {
            ((GenerateJob)prompt.Job).Accept();
        }
    }

    private void TellAndLeave(List<RunningSequence> running)
    {
        for (var i = 0; i < running.Count; i++)
        {
            if (running[i].Ended)
            {
                running[i].Tell();
            }
        }

        for (var i = running.Count - 1; i >= 0; i--)
        {
            if (running[i].Ended)
            {
                Leave(running[i]);
                running.RemoveAt(i);
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Every failure is handed to those who wait for the result.")]
    private void Leave(RunningSequence sequence)
    {
        var state = sequence.State!;
        try
        {
            if (_backend.DecodesAsPrefills && !sequence.Failed)
            {
                // The path has the forced prefix already.
                var (prompt, answer) = (sequence.Job.PromptTokens, sequence.Tokens);
                _cache.Add([.. sequence.Job.Path.AsSpan(0, prompt), .. answer.Take(state.Length - prompt)], state);
            }
        }
        catch (Exception error)
        {
            Fail(sequence.Job, error);
        }
        finally
        {
            _backend.Close(state);
            if (sequence.Job.Ended)
            {
                // However slowly the reader reads.
                sequence.Job.Hold(null);
            }
        }
    }

    private void Draw(int chunk, int worker) => _drawing[chunk].Draw(_backend, _plan.TokensOf(chunk, 1), _samplers[worker]);

    private void DrawFirst(int chunk, int worker)
    {
        if (!_drawing[chunk].Ended)
        {
            _drawing[chunk].DrawFirst(_firstLogits[chunk], _samplers[worker]);
        }
    }

    // Its places are freed in the next turn.
    private static void Fail(Job job, Exception error)
    {
        job.Fail(error);
        job.Cancel();
    }

    private static int IndexFrom(Job job, int position)
    {
        var index = Array.BinarySearch(job.Positions, position);
        return index < 0 ? ~index : index;
    }
}
