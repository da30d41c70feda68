namespace ShellGuard.Audit.Import;

/// <summary>An input cannot be read at all. The message is one line that names it and the way on.</summary>
public sealed class ImportException(string message) : Exception(message);
