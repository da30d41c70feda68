using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Seccomp;

/// <summary>A call that stays possible where everything else is refused.</summary>
/// <param name="Call">Its number.</param>
/// <param name="Argument">The argument that decides, from 0; -1 where none does.</param>
/// <param name="Mask">Bits of its lower half that are looked at.</param>
/// <param name="Values">One of which they must be.</param>
public readonly record struct PermittedCall(SystemCall Call, int Argument = -1, uint Mask = uint.MaxValue, params uint[] Values);
