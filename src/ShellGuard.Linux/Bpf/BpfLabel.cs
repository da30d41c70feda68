namespace ShellGuard.Linux.Bpf;

/// <summary>A place in a program that jumps lead to.</summary>
public sealed class BpfLabel
{
    /// <summary>Number of the instruction; -1 until it is known.</summary>
    internal int Position { get; set; } = -1;
}
