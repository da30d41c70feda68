namespace ShellGuard.Audit.Tracing;

/// <summary>The calls by which a program reaches something outside of itself. What it does with what it has open is not
/// among them: an open says what it was for.</summary>
internal static partial class TracedCalls
{
    /// <summary>There is no such call for these programs.</summary>
    public const int None = -1;

    private const ulong PROT_EXEC = 4;
    private const ulong MAP_ANONYMOUS = 0x20;
    public const ulong CLONE_UNTRACED = 0x800000;

    public static IEnumerable<TracedCall> All => Files.Concat(Processes).Concat(Sockets).Concat(Kernel);
}
