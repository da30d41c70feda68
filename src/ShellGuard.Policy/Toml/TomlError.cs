using System.Runtime.InteropServices;

namespace ShellGuard.Policy.Toml;

/// <summary>One mistake of a document.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TomlError(TomlSpan Span, string Message);
