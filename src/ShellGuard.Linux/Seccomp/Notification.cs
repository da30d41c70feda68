using System.Runtime.InteropServices;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Seccomp;

/// <summary>One trapped system call, struct seccomp_notif, seccomp_unotify(2).</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Notification(
    ulong Id,
    int ThreadId,
    uint Architecture,
    SystemCall Call,
    ulong InstructionPointer,
    ulong A0,
    ulong A1,
    ulong A2,
    ulong A3,
    ulong A4,
    ulong A5);
