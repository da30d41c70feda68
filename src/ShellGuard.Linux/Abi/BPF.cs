namespace ShellGuard.Linux.Abi;

/// <summary>Instruction codes of classic BPF, the kernel's Documentation/networking/filter.rst: class, size, mode,
/// operation and source, which an instruction joins by or.</summary>
[CName("BPF_", "linux/filter.h")]
internal static class BPF
{
    public const ushort LD = 0x00;
    public const ushort ALU = 0x04;
    public const ushort JMP = 0x05;
    public const ushort RET = 0x06;
    public const ushort W = 0x00;
    public const ushort ABS = 0x20;
    public const ushort AND = 0x50;
    public const ushort JA = 0x00;
    public const ushort JEQ = 0x10;
    public const ushort JGE = 0x30;
    public const ushort K = 0x00;

    /// <summary>The longest program that the kernel takes, in instructions.</summary>
    public const int MAXINSNS = 4096;
}
