namespace ShellGuard.Linux.Abi;

/// <summary>Says which C structure a struct copies. The tests find every type that carries this and compare its size
/// and each public field's offset and size with the C compiler's. A field has the C member's name, or says it with
/// <see cref="CNameAttribute"/>; private fields are padding and are not compared.</summary>
/// <param name="name">The type in C, for example <c>struct open_how</c>.</param>
/// <param name="headers">The headers to include, in order, as they stand between the angle brackets.</param>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class CStructAttribute(string name, params string[] headers) : Attribute
{
    public string Name { get; } = name;

    public IReadOnlyList<string> Headers { get; } = headers;
}
