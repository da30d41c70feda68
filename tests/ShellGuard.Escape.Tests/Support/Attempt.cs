namespace ShellGuard.Escape.Tests.Support;

/// <summary>One attack and how it is judged.</summary>
/// <param name="Id">Its line in the list of bypasses, such as A1.</param>
/// <param name="Program">The C program in Attacks, without <c>.c</c>.</param>
public sealed record Attempt(string Id, string Program)
{
    /// <summary>Options of <c>shellguard run</c>; <c>{name}</c> stands for what <see cref="Case.Expand"/> knows.</summary>
    internal IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>What the attack gets besides the usual arguments.</summary>
    internal IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>What must stand in the journal: each a list of texts of which one record has all.</summary>
    internal IReadOnlyList<IReadOnlyList<string>> Evidence { get; init; } = [];

    /// <summary>What is made outside of the cell before it starts.</summary>
    internal Action<Case>? Before { get; init; }

    /// <summary>What is done outside of the cell while it runs.</summary>
    internal Action<Case>? During { get; init; }

    /// <summary>What must hold outside of the cell afterwards, besides the usual canaries.</summary>
    internal Action<Case, Outcome>? After { get; init; }

    /// <summary>The status that the session ends with.</summary>
    internal int Status { get; init; }

    /// <summary>For the usual denial of a system call.</summary>
    internal static IReadOnlyList<string> Refused(string call) =>
        ["\"access\"", "\"decisionName\":\"deny\"", $"\"target\":\"{call}\""];
}
