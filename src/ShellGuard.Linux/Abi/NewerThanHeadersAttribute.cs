namespace ShellGuard.Linux.Abi;

/// <summary>Marks what the headers of the oldest supported distribution (Debian 12, Linux 6.1) do not know yet. The
/// tests compare it where the headers at hand do know it and otherwise rely on <paramref name="origin"/>.</summary>
/// <param name="origin">The kernel that brought it and the kernel's file that defines it, for example
/// <c>Linux 6.6, include/uapi/linux/seccomp.h</c>.</param>
[AttributeUsage(AttributeTargets.Enum | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Field)]
public sealed class NewerThanHeadersAttribute(string origin) : Attribute
{
    public string Origin { get; } = origin;
}
