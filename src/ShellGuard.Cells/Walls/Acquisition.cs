using ShellGuard.Core;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Walls;

/// <summary>A cell whose label grows asks for resources, and waits in a thread of its own for the lobby's.</summary>
/// <param name="asker">Who asks.</param>
/// <param name="resources">What for.</param>
internal sealed class Acquisition(FloatingEndpoints asker, IReadOnlyList<TaggedResource> resources)
{
    private readonly TaskCompletionSource<Verdict?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FloatingEndpoints Asker { get; } = asker;

    public IReadOnlyList<TaggedResource> Resources { get; } = resources;

    /// <summary>Answers; the first answer holds.</summary>
    /// <param name="refusal">Null: it has them.</param>
    public void Answer(Verdict? refusal) => _answer.TrySetResult(refusal);

    /// <summary>Waits for the answer.</summary>
    public Verdict? Wait() => _answer.Task.GetAwaiter().GetResult();
}
