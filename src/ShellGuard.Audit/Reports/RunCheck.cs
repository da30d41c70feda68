using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Reports;

/// <summary>Compares the audits that a merge was made from with what lies there now.</summary>
public static class RunCheck
{
    public static InputState Of(AuditRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Name == "-")
        {
            return InputState.Gone;
        }

        try
        {
            using FileStream? file = NamedFile.Open(run.Name);
            if (file is null)
            {
                return InputState.NoFile;
            }

            // The run's hash is the one at the end of its audit, which is worth something only where the audit is whole.
            return AuditFileReader.Read(file).File?.Sha256 == run.Sha256 ? InputState.Same : InputState.Changed;
        }
        catch (FileNotFoundException)
        {
            return InputState.Gone;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return InputState.Unreadable;
        }
    }
}
