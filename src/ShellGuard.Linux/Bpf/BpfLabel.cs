namespace ShellGuard.Linux.Bpf;

/// <summary>A place in a program that jumps lead to, or where a function begins.</summary>
public sealed class BpfLabel
{
    /// <summary>Of a function that takes nothing but so many numbers, in R1 and behind: the verifier reads it once, for any
    /// numbers, and takes what it returns for any number. Null for one that is read anew for each call of it, with what is
    /// known there.</summary>
    public int? Parameters { get; init; }

    /// <summary>Number of the instruction; -1 until it is known.</summary>
    internal int Position { get; set; } = -1;
}
