namespace ShellGuard.Audit.Import;

/// <summary>How far an import is.</summary>
/// <param name="Bytes">Bytes read of all inputs.</param>
/// <param name="TotalBytes">Bytes of all inputs; 0 where that is not known, as of a pipe.</param>
/// <param name="Lines">Lines read.</param>
/// <param name="Accesses">Distinct accesses so far.</param>
public readonly record struct ImportProgress(long Bytes, long TotalBytes, long Lines, int Accesses);
