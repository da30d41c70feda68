using System.Runtime.InteropServices;

namespace ShellGuard.Cells.Freezing;

/// <summary>A socket that a process of a cell has open.</summary>
/// <param name="Thread">The thread in whose table it is.</param>
/// <param name="Number">Under which number.</param>
/// <param name="Inode">Which socket, sockfs's number.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SocketPlace(int Process, int Thread, int Number, ulong Inode);
