namespace ShellGuard.Escape.Tests.Support;

/// <summary>One attack and how it is judged.</summary>
/// <param name="Id">Its lines in the list of bypasses, such as A1, separated by blanks.</param>
/// <param name="Program">The C program in Attacks, without <c>.c</c>.</param>
public sealed record Attempt(string Id, string Program)
{
    /// <summary>Tells two attempts with one program apart.</summary>
    internal string Name { get; init; } = "";

    /// <summary>Options of <c>shellguard run</c>; <c>{name}</c> stands for what <see cref="Case.Expand"/> knows.</summary>
    internal IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>What the attack gets besides the usual arguments.</summary>
    internal IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>What must stand in the journal: each a list of texts of which one record has all.</summary>
    internal IReadOnlyList<IReadOnlyList<string>> Evidence { get; init; } = [];

    /// <summary>A file that is standard input; a closed pipe otherwise.</summary>
    internal string? Input { get; init; }

    /// <summary>What is taken away outside of the cell at the end.</summary>
    internal Action<Case>? Cleanup { get; init; }

    /// <summary>What is made outside of the cell before it starts.</summary>
    internal Action<Case>? Before { get; init; }

    /// <summary>What is done outside of the cell while it runs.</summary>
    internal Action<Case>? During { get; init; }

    /// <summary>What must hold outside of the cell afterwards, besides the usual canaries.</summary>
    internal Action<Case, Outcome>? After { get; init; }

    /// <summary>The status that the session ends with.</summary>
    internal int Status { get; init; }

    /// <summary>How a test is named.</summary>
    internal string Title => Name.Length == 0 ? $"{Id}: {Program}" : $"{Id}: {Program}, {Name}";

    /// <summary>For the usual denial of a system call.</summary>
    internal static IReadOnlyList<string> Refused(string call) =>
        ["\"access\"", "\"decisionName\":\"deny\"", $"\"target\":\"{call}\""];

    /// <summary>The same of a call for sockets, which says their family and type, too.</summary>
    internal static IReadOnlyList<string> RefusedSocket(string call) =>
        ["\"access\"", "\"decisionName\":\"deny\"", $"\"target\":\"{call} AF_"];

    /// <summary>For a denied access.</summary>
    /// <param name="operation">Its name in the journal.</param>
    /// <param name="target">The beginning of its target.</param>
    internal static IReadOnlyList<string> Denied(string operation, string target) =>
        [$"\"operationName\":\"{operation}\"", "\"decisionName\":\"deny\"", $"\"target\":\"{target}"];

    internal static IReadOnlyList<string> Allowed(string operation, string target) =>
        [$"\"operationName\":\"{operation}\"", "\"decisionName\":\"allow\"", $"\"target\":\"{target}"];

    /// <summary>For the start of a program.</summary>
    internal static IReadOnlyList<string> Started(string argument) => ["\"event\":\"exec\"", $"\"{argument}\""];
}
