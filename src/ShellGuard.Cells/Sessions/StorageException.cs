namespace ShellGuard.Cells.Sessions;

/// <summary>The place for sessions cannot be used. The message says why and what to do.</summary>
public sealed class StorageException(string message) : Exception(message);
