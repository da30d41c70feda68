using System.Runtime.InteropServices;

namespace ShellGuard.Policy.Toml;

/// <summary>Where a piece of a document stands.</summary>
/// <param name="Line">One-based.</param>
/// <param name="Column">One-based, in characters (code points).</param>
/// <param name="Length">In characters, at most to the end of the line; at least 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TomlSpan(int Line, int Column, int Length);
