using ShellGuard.Audit.Import;
using ShellGuard.Audit.Reports;
using ShellGuard.Core;

namespace ShellGuard.Cli.Support;

/// <summary>Audit files that were opened before any of them is read.</summary>
internal sealed class OpenAudits : IDisposable
{
    private readonly List<(string Path, Stream File)> _files = [];

    /// <exception cref="Cells.Sessions.SessionException">One cannot be opened.</exception>
    public static OpenAudits Of(params string[] paths)
    {
        OpenAudits audits = new();
        foreach (string path in paths)
        {
            audits._files.Add((path, AuditFiles.OpenStream(path)));
        }

        return audits;
    }

    /// <summary>What they say together.</summary>
    /// <exception cref="Cells.Sessions.SessionException">Something is wrong with one of them.</exception>
    /// <exception cref="ImportException">There are too many runs.</exception>
    public ImportResult Merged()
    {
        List<NamedAudit> audits = ToMerge();
        return audits.Count == 1 ? audits[0].File.Result : AuditMerge.Of(audits);
    }

    /// <summary>The only one.</summary>
    /// <exception cref="Cells.Sessions.SessionException">Something is wrong with it.</exception>
    public AuditFile Single() => Named().Single().File;

    /// <summary>Each by itself, and no run twice.</summary>
    /// <exception cref="Cells.Sessions.SessionException">Something is wrong with one of them, or two have a run in common.</exception>
    public List<NamedAudit> ToMerge()
    {
        List<NamedAudit> audits = Named();
        return AuditMerge.Twice(audits).FirstOrDefault() is ({ } one, { } other)
            ? throw new Cells.Sessions.SessionException(
                $"{SafeText.Escape(one)} and {SafeText.Escape(other)} have the same run in them, which would be counted twice")
            : audits;
    }

    /// <summary>Each by itself.</summary>
    /// <exception cref="Cells.Sessions.SessionException">Something is wrong with one of them.</exception>
    public List<NamedAudit> Named()
    {
        List<NamedAudit> audits = [];
        foreach ((string path, Stream file) in _files)
        {
            audits.Add(new NamedAudit(path, AuditFiles.Checked(path, AuditFiles.Read(path, file))));
        }

        return audits;
    }

    /// <summary>Each by itself, and what is wrong with it and with its recordings.</summary>
    /// <exception cref="Cells.Sessions.SessionException">One cannot be read.</exception>
    public List<AuditCheck> Checked()
    {
        List<AuditCheck> checks = [];
        foreach ((string path, Stream file) in _files)
        {
            checks.Add(AuditCheck.Of(path, AuditFiles.Read(path, file)));
        }

        return checks;
    }

    public void Dispose() => _files.ForEach(file => file.File.Dispose());
}
