namespace ShellGuard.Policy.Toml;

/// <summary>What could be read of a document, and everything that is wrong with it.</summary>
/// <param name="Root">The values that could be read; complete only when <paramref name="Errors"/> is empty.</param>
/// <param name="Errors">In the order of the text.</param>
/// <param name="Text">The decoded text; bytes that are not UTF-8 stand as U+FFFD.</param>
internal sealed record TomlDocument(TomlTable Root, IReadOnlyList<TomlError> Errors, TomlText Text);
