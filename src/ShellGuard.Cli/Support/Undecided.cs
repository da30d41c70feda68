using ShellGuard.Cells.Sessions;

namespace ShellGuard.Cli.Support;

/// <summary>Which session diff, commit and discard mean when none is named: the latest that runs, or has something to decide
/// on.</summary>
internal static class Undecided
{
    public const string None = "no session has changes to decide on; shellguard sessions lists them all";

    public static bool Has(StoredSession session) => session.LayerDirectories.Count > 0
        && SessionOverview.StateOf(session, out _) is not SessionState.Ended;
}
