namespace ShellGuard.Linux.Bpf;

/// <summary>A register. R1 to R5 are arguments and lost by a call, R0 is its result, R6 to R9 last.</summary>
public enum BpfRegister
{
    R0,
    R1,
    R2,
    R3,
    R4,
    R5,
    R6,
    R7,
    R8,
    R9,

    /// <summary>The end of 512 bytes of stack, which grow downwards; cannot be written.</summary>
    R10,
}
