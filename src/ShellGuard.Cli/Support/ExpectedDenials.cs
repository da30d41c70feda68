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

    private readonly HashSet<(Operation, string)> _failed = [];
    private readonly HashSet<(Operation, string)> _succeeded = [];

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
            HashSet<(Operation, string)> known = access.Outcome.IsGranted ? _succeeded : _failed;
            known.Add((Compared(access.Operation), access.Target));
            if (access is { Operation: Operation.Rename, Destination: { } destination })
            {
                known.Add((Operation.Rename, destination));
            }
            else if (access is { Operation: Operation.Stat, Outcome.IsGranted: false })
            {
                // What could not even be looked at could not be read.
                known.Add((Operation.Read, access.Target));
            }

            // An abstract name does not tell what kind of socket it was.
            if (access.Kind is ObjectKind.UnixDatagram or ObjectKind.AbstractSocket && access.Operation is Operation.Connect or Operation.Send)
            {
                string program = RealPath(access.Chain[0].Program);
                if (!_datagrams.TryGetValue(program, out List<Access>? sent))
                {
                    _datagrams.Add(program, sent = []);
                }

                sent.Add(access);
            }
        }
    }

    /// <summary>Whether the recording has the same failure and no success with it: of the same operation, because who could
    /// not read something may well have written to it.</summary>
    public bool Has(AccessEvent denial)
    {
        (Operation, string) what = (Compared(denial.Operation), KernelText.Decode(denial.Target.Kept.Span));
        return _failed.Contains(what) && !_succeeded.Contains(what);
    }

    /// <summary>The supervisor tells less of an operation than a recording does: to open, to list and to execute are to read
    /// for it, and whatever a call does that it refuses is the call.</summary>
    private static Operation Compared(Operation operation) => operation switch
    {
        Operation.List or Operation.Execute or Operation.MapExecutable => Operation.Read,
        Operation.Send => Operation.Connect,
        Operation.ChangeIdentity or Operation.LoadCode or Operation.Trace => Operation.SystemCall,
        _ => operation,
    };

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
