using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Bpf;

/// <summary>A program for the kernel, as data.</summary>
/// <param name="Instructions">In order; the constants of maps are their numbers yet.</param>
/// <param name="Maps">Where maps stand: which instruction, which map.</param>
/// <param name="Functions">Where each function begins that is called, in order, and its
/// <see cref="BpfLabel.Parameters"/>.</param>
public sealed record BpfProgram(
    IReadOnlyList<bpf_insn> Instructions, IReadOnlyList<(int Position, int Map)> Maps,
    IReadOnlyList<(int Position, int? Parameters)> Functions);
