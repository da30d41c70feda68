namespace ShellGuard.Linux.Tests.Abi;

/// <summary>Something that C# says about the kernel's interface and that C is asked about.</summary>
/// <param name="Subject">What, in C#'s words.</param>
/// <param name="Expression">The same as a C expression.</param>
/// <param name="Value">What C# says.</param>
/// <param name="Headers">What C must include.</param>
/// <param name="Guard">A macro: where the headers do not define it, they do not know the fact yet. Null where they
/// must know it.</param>
internal sealed record AbiFact(
    string Subject,
    string Expression,
    ulong Value,
    IReadOnlyList<string> Headers,
    string? Guard = null);
