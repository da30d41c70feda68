using ShellGuard.Core.Flow;

namespace ShellGuard.Policy.Walls;

/// <summary>Says why the flow model refuses something that a policy grants.</summary>
public static class WallText
{
    /// <summary>For a policy, in which nothing has happened yet.</summary>
    public static FlowText Words { get; } = new() { WithTimes = false };

    /// <summary>Conflict and paths in one line, for a finding.</summary>
    public static string Because(WallRefusal refusal)
    {
        FlowExplanation explanation = FlowExplanation.Of(refusal.Refusal);
        return string.Join("; ", Words.Because(refusal.State, refusal.Operation, explanation)
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }
}
