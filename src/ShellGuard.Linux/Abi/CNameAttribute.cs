namespace ShellGuard.Linux.Abi;

/// <summary>Says what C calls the constants of an enum, or of a class of constants, and which header has them. The
/// tests find every type that carries this and compare each value with the C compiler's.</summary>
/// <param name="prefix">What C puts before each member's name: with <c>LANDLOCK_ACCESS_FS_</c> the member
/// <c>EXECUTE</c> is <c>LANDLOCK_ACCESS_FS_EXECUTE</c>. On a member: its whole name in C, for those that the rule of
/// their type does not fit. On a field of a <see cref="CStructAttribute"/>: its member designator in C.</param>
/// <param name="headers">The headers to include, in order, as they stand between the angle brackets.</param>
[AttributeUsage(AttributeTargets.Enum | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Field)]
public sealed class CNameAttribute(string prefix, params string[] headers) : Attribute
{
    public string Prefix { get; } = prefix;

    public IReadOnlyList<string> Headers { get; } = headers;
}
