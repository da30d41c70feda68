using System.Runtime.InteropServices;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Seccomp;

/// <summary>A system call that waits for the supervisor's answer, seccomp_unotify(2). Arguments that are pointers
/// point into the waiting process, whose other threads can change what is there at any time.</summary>
/// <param name="Id">Names the waiting call, on its listener, until it is answered or its thread dies.</param>
/// <param name="ThreadId">The waiting thread, in the supervisor's pid namespace. Can be taken by another process
/// once the thread died: check <see cref="NotifyFd.IsAlive"/> after every use.</param>
/// <param name="Architecture">As in <see cref="AUDIT_ARCH"/>.</param>
/// <param name="Call">The call. A number without a name is possible where denials are reported.</param>
/// <param name="InstructionPointer">Where the call was made.</param>
/// <param name="A0">The first argument; all are 64 bits as in the registers, whatever the kernel reads of them.</param>
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
