using System.Collections.Concurrent;
using ShellGuard.Cells.Supervision;
using ShellGuard.Core;

namespace ShellGuard.Cells.Tests.Network;

internal sealed class RecordingSink : IAccessSink
{
    internal ConcurrentQueue<Access> Records { get; } = new();

    /// <summary>False imitates a journal that cannot be written.</summary>
    internal bool Writes { get; set; } = true;

    public bool Record(Access access)
    {
        if (Writes)
        {
            Records.Enqueue(access);
        }

        return Writes;
    }

    internal bool Denied(string target) =>
        Records.Any(record => record.Verdict.Decision == Decision.Deny && record.Target == target);

    internal bool Allowed(string target) =>
        Records.Any(record => record.Verdict.Decision == Decision.Allow && record.Target == target);
}
