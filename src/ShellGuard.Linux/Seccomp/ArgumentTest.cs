using System.Runtime.InteropServices;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Seccomp;

/// <summary>One comparison of a system call's argument: <c>(argument &amp; mask) == value</c> or <c>!=</c>.</summary>
/// <param name="Argument">Which argument, 0 to 5.</param>
/// <param name="Width">How much of it the kernel reads.</param>
/// <param name="Mask">The bits that are compared.</param>
/// <param name="Comparison">How.</param>
/// <param name="Value">With what; has no bit outside the mask, or the test could never hold.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ArgumentTest(
    int Argument,
    ArgumentWidth Width,
    ulong Mask,
    Comparison Comparison,
    ulong Value)
{
    private const ulong LowWord = uint.MaxValue;

    /// <summary>The argument, as an int, is this value.</summary>
    public static ArgumentTest Is(int argument, uint value) =>
        new(argument, ArgumentWidth.Int, LowWord, Comparison.Equal, value);

    /// <summary>The argument, as an int, has this value under the mask.</summary>
    public static ArgumentTest Is(int argument, uint mask, uint value) =>
        new(argument, ArgumentWidth.Int, mask, Comparison.Equal, value);

    /// <summary>The argument, as an int, has at least one of these bits.</summary>
    public static ArgumentTest HasAny(int argument, uint bits) =>
        new(argument, ArgumentWidth.Int, bits, Comparison.NotEqual, 0);

    /// <summary>The bits that the kernel reads and the mask keeps.</summary>
    internal ulong EffectiveMask => Width == ArgumentWidth.Int ? Mask & LowWord : Mask;

    /// <summary>Whether it holds for these arguments. What the compiled filter must agree with.</summary>
    public bool Holds(in SystemCallArguments arguments) =>
        ((arguments[Argument] & EffectiveMask) == Value) == (Comparison == Comparison.Equal);

    /// <summary>For example <c>(int)arg1 &amp; 0xf000 == 0x2000</c>.</summary>
    public override string ToString()
    {
        string argument = Width == ArgumentWidth.Int ? $"(int)arg{Argument}" : $"arg{Argument}";
        ulong all = Width == ArgumentWidth.Int ? LowWord : ulong.MaxValue;
        string masked = EffectiveMask == all ? argument : $"{argument} & 0x{EffectiveMask:x}";
        return $"{masked} {(Comparison == Comparison.Equal ? "==" : "!=")} 0x{Value:x}";
    }
}
