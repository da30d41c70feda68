namespace ShellGuard.Linux.Abi;

/// <summary>Where the registers of a system call stand in <c>struct pt_regs</c> of x86-64, whose layout is the same in
/// the kernel and for programs.</summary>
[CName("", "stddef.h", "asm/ptrace.h")]
public static class pt_regs
{
    [CName("offsetof(struct pt_regs, rbp)")]
    public const int rbp = 32;

    [CName("offsetof(struct pt_regs, rbx)")]
    public const int rbx = 40;

    [CName("offsetof(struct pt_regs, r10)")]
    public const int r10 = 56;

    [CName("offsetof(struct pt_regs, r9)")]
    public const int r9 = 64;

    [CName("offsetof(struct pt_regs, r8)")]
    public const int r8 = 72;

    [CName("offsetof(struct pt_regs, rcx)")]
    public const int rcx = 88;

    [CName("offsetof(struct pt_regs, rdx)")]
    public const int rdx = 96;

    [CName("offsetof(struct pt_regs, rsi)")]
    public const int rsi = 104;

    [CName("offsetof(struct pt_regs, rdi)")]
    public const int rdi = 112;

    [CName("offsetof(struct pt_regs, orig_rax)")]
    public const int orig_rax = 120;

    [CName("sizeof(struct pt_regs)")]
    public const int Size = 168;
}
