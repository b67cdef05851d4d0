namespace O1Coder.Learning.Training;

/// <summary>Something that a run tells while it goes: <see cref="TrainingActivity"/> or <see cref="TrainingStep"/>.</summary>
public abstract record TrainingEvent
{
    private protected TrainingEvent()
    {
    }
}
