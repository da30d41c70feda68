using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Terminals;

/// <summary>The size of a terminal's window.</summary>
/// <param name="Columns">In characters; 0 is unknown.</param>
/// <param name="Rows">In characters; 0 is unknown.</param>
/// <param name="PixelWidth">In pixels; most terminals say 0.</param>
/// <param name="PixelHeight">In pixels; most terminals say 0.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WindowSize(int Columns, int Rows, int PixelWidth = 0, int PixelHeight = 0);
