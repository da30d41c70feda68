using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Seccomp;

/// <summary>Half of an argument under a mask, as the accumulator of the filter can have it.</summary>
/// <param name="Offset">Where it is in struct seccomp_data, in bytes.</param>
/// <param name="Mask">The bits that are kept.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LoadedWord(uint Offset, uint Mask)
{
    /// <summary>The low half. x86-64 is little-endian: it comes first.</summary>
    internal static LoadedWord Low(ArgumentTest test) =>
        new(FilterCode.ArgumentOffset(test.Argument), (uint)test.EffectiveMask);

    /// <summary>The upper half. Its mask is zero where it does not count.</summary>
    internal static LoadedWord High(ArgumentTest test) =>
        new(FilterCode.ArgumentOffset(test.Argument) + sizeof(uint), (uint)(test.EffectiveMask >> 32));
}
