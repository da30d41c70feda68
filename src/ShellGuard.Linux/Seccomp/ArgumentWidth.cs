namespace ShellGuard.Linux.Seccomp;

/// <summary>How much of an argument's register the kernel reads. A test must look at exactly that: where the kernel
/// reads an int, the upper half is ignored by it and must be ignored by the filter, or a set upper bit would make a
/// forbidden value look like another one; where it reads a long, both halves count.</summary>
public enum ArgumentWidth
{
    /// <summary>The call declares <c>int</c>, <c>unsigned int</c> or less: the low 32 bits.</summary>
    Int,

    /// <summary>The call declares <c>long</c>, <c>size_t</c> or a 64-bit type: all of it.</summary>
    Long,
}
