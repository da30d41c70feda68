using ShellGuard.Core;

namespace ShellGuard.Cells.Supervision;

/// <summary>Takes every decided access: into the journal and, for a denial, to the person's terminal.</summary>
public interface IAccessSink
{
    /// <summary>Records before the effect.</summary>
    /// <returns>Whether it stands in the journal. When it does not, the action must not happen.</returns>
    bool Record(Access access);
}
