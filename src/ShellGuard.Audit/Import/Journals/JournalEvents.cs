using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Model;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Journal.Format;

namespace ShellGuard.Audit.Import.Journals;

/// <summary>Reads a session's journal: what the supervisor decided. A decision is written before the access happens, so
/// that an allowed one counts as done or begun.</summary>
internal sealed class JournalEvents(AccessTable table, CoverageLog coverage, LineCounts counts)
{
    private readonly JournalProcesses _processes = new(table);
    private bool _isSealed;

    public void Read(ReadOnlySpan<byte> line, Origin origin)
    {
        if (line.IsEmpty)
        {
            counts.Add(LineKind.Blank);
            return;
        }

        if (!RecordParser.TryParse(line.ToArray(), out JournalRecord? record, out _))
        {
            counts.AddUnknown(origin, line);
            return;
        }

        switch (record.Event)
        {
            case ExecEvent execution:
                counts.Add(LineKind.Event);
                Add(execution, origin);
                break;
            case AccessEvent access:
                counts.Add(LineKind.Event);
                Add(access, origin);
                break;
            default:
                _isSealed |= record.Event.Kind == EventKind.Seal;
                counts.Add(record.Event.Kind == EventKind.CellEnd ? LineKind.Exit : LineKind.Notice);
                break;
        }
    }

    /// <summary>The journal is over.</summary>
    public void Finish()
    {
        coverage.Note(
            CoverageProblem.OneAspect, default,
            detail: "only what a session's supervisor decides: programs, connections, names, signals, and changes that were denied; what is "
                + "read, and changes that the policy allows, it does not see, nor whether an allowed access failed later");
        if (!_isSealed)
        {
            coverage.Note(CoverageProblem.CutLog, default);
        }
    }

    private void Add(ExecEvent execution, Origin origin)
    {
        ProcessImage who = _processes.Find(execution.Cell, execution.Chain, isExecution: true);
        ReadOnlySpan<byte> path = execution.Path.Kept.Span;
        int arguments = table.Texts.Add(Joined(execution.Arguments));
        bool isAllowed = execution.Decision == Decision.Allow;
        table.Add(who, Operation.Execute, ObjectKind.Path, path, OutcomeOf(isAllowed), origin, detail: arguments, isUnresolved: !path.StartsWith((byte)'/'));
        if (isAllowed && execution.Chain.Count > 0)
        {
            _processes.Execute(execution.Chain[0], path, arguments);
        }
    }

    private void Add(AccessEvent access, Origin origin)
    {
        ReadOnlySpan<byte> target = access.Target.Kept.Span;
        ObjectKind kind = KindOf(access.Operation, target);
        if (kind == ObjectKind.Endpoint && target.IndexOf((byte)'/') < 0)
        {
            target = (byte[])[.. target, .. "/tcp"u8];
        }

        bool isAllowed = access.Decision == Decision.Allow;
        table.Add(
            _processes.Find(access.Cell, access.Chain, isExecution: false), access.Operation, kind, target,
            isAllowed && access.Operation == Operation.Connect ? table.Outcomes.Add("EINPROGRESS"u8) : OutcomeOf(isAllowed), origin,
            isUnresolved: kind == ObjectKind.Path && !target.StartsWith((byte)'/'));
    }

    private int OutcomeOf(bool isAllowed) => isAllowed ? OutcomePool.Success : table.Outcomes.Add("EACCES"u8);

    private static ObjectKind KindOf(Operation operation, ReadOnlySpan<byte> target) => operation switch
    {
        Operation.Resolve => ObjectKind.Name,
        Operation.Connect or Operation.Bind or Operation.Listen or Operation.Send =>
            target.StartsWith((byte)'/') ? ObjectKind.UnixSocket
            : target.StartsWith((byte)'@') ? ObjectKind.AbstractSocket
            : ObjectKind.Endpoint,
        Operation.Signal or Operation.Trace => ObjectKind.Process,
        Operation.SystemCall => ObjectKind.SystemCall,
        _ => ObjectKind.Path,
    };

    private static byte[] Joined(ArgumentVector arguments)
    {
        List<byte> all = [];
        foreach (HostileText argument in arguments.Kept)
        {
            all.AddRange(argument.Kept.Span);
            all.Add(0);
        }

        if (!arguments.IsWhole)
        {
            all.AddRange(AccessReader.CutMark);
        }

        return [.. all];
    }
}
