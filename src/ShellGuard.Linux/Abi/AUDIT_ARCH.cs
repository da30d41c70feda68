namespace ShellGuard.Linux.Abi;

/// <summary>System call conventions as the filter sees them, seccomp(2).</summary>
[CName("AUDIT_ARCH_", "linux/audit.h")]
public enum AUDIT_ARCH : uint
{
    I386 = 0x40000003,
    X86_64 = 0xc000003e,
    AARCH64 = 0xc00000b7,
}
