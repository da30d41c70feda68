using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Reports;
using ShellGuard.Cells.Planning;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cli.Support;

/// <summary>What was denied, or not there, in the recording already: in the cell that is nothing new. And datagrams for
/// the system log, which no cell sends: what they cost is said.</summary>
internal sealed class ExpectedDenials
{
    public static readonly ExpectedDenials None = new([]);

    private readonly HashSet<string> _targets = new(StringComparer.Ordinal);
    private readonly HashSet<string> _succeeded = new(StringComparer.Ordinal);

    private readonly HostFiles _host = new();

    /// <summary>By program: where it sent datagrams to.</summary>
    private readonly Dictionary<string, List<Access>> _datagrams = new(StringComparer.Ordinal);

    public ExpectedDenials(ImportResult result)
        : this(result.Accesses)
    {
    }

    private ExpectedDenials(IReadOnlyList<SeenAccess> accesses)
    {
        foreach (SeenAccess seen in accesses)
        {
            Access access = seen.Access;
            (access.Outcome.IsGranted ? _succeeded : _targets).Add(access.Target);

            // An abstract name does not tell what kind of socket it was.
            if (access.Kind is ObjectKind.UnixDatagram or ObjectKind.AbstractSocket && access.Operation is Operation.Connect or Operation.Send)
            {
                string program = RealPath(access.Chain[0].Program);
                if (!_datagrams.TryGetValue(program, out List<Access>? known))
                {
                    _datagrams.Add(program, known = []);
                }

                known.Add(access);
            }
        }
    }

    /// <summary>Whether the recording has the same failure and no success with it.</summary>
    public bool Has(AccessEvent denial)
    {
        string target = KernelText.Decode(denial.Target.Kept.Span);
        return _targets.Contains(target) && !_succeeded.Contains(target);
    }

    /// <summary>What a denial costs that comes in every cell, whatever the policy: the program's datagrams went to the
    /// system log in the recording, and nowhere else.</summary>
    /// <returns>Null where it is no such denial.</returns>
    public string? LossOf(AccessEvent denial)
    {
        if (denial.Operation != Operation.SystemCall || denial.Chain.Count == 0
            || KernelText.Decode(denial.Target.Kept.Span) != SystemLog.RefusedSocket
            || !_datagrams.TryGetValue(RealPath(denial.Chain[0].Program), out List<Access>? sent)
            || !sent.TrueForAll(access => access.Kind == ObjectKind.UnixDatagram && (SystemLog.IsAt(access.Target) || !access.Outcome.IsGranted)))
        {
            return null;
        }

        IEnumerable<string> recorded = sent.Select(access =>
            $"{KebabCase.Of(access.Operation.ToString())} {AccessText.Name(access.Target)} {AccessText.Outcome(access.Outcome)}".TrimEnd());
        string loss = sent.Exists(access => access.Outcome.IsGranted)
            ? "what it writes to the system log is lost"
            : "nobody listened there then either, so that nothing is lost";
        return $"it recorded {string.Join(", ", recorded.Distinct(StringComparer.Ordinal))}; {loss}";
    }

    /// <summary>A recording has the name that was executed, a journal the file that it led to.</summary>
    private string RealPath(string program) => program.StartsWith('/') ? _host.RealPath(program) ?? program : program;
}
