using System.Runtime.InteropServices;

namespace ShellGuard.Leash.Editing;

/// <summary>A key, or a piece of text.</summary>
/// <param name="Text">For <see cref="KeyKind.Text"/>; a byte that is no UTF-8 as
/// <see cref="ShellGuard.Linux.Calls.KernelText"/> has it.</param>
/// <param name="IsPasted">Whether the terminal said that it was pasted: then nothing of it acts.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Key(KeyKind Kind, string Text = "", bool IsPasted = false);
