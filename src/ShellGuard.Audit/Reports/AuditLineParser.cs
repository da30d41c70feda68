using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Journal.Format;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Reports;

/// <summary>Makes accesses again of the lines of an audit file. Whatever does not fit is a
/// <see cref="FormatException"/>.</summary>
internal sealed partial class AuditLineParser
{
    /// <summary>Ancestors of a process. The writers keep 64.</summary>
    private const int MaxChain = 128;

    /// <summary>Ancestors of all processes together: a hostile file must not make much of little.</summary>
    private const long MaxAncestors = 20_000_000;

    /// <summary>What is kept of a text that the file has as a beginning with a hash, so that the two fit into one text
    /// that is written whole.</summary>
    private const int CutText = 3900;

    /// <summary>The version of the form that brought lives of processes, clocks and names of variables.</summary>
    private const int FirstWithLives = 2;

    private static readonly AuditNames Operations = new(typeof(Operation));
    private static readonly AuditNames Kinds = new(typeof(ObjectKind));
    private static readonly AuditNames Outcomes = new(typeof(OutcomeKind));
    private static readonly AuditNames LineKinds = new(typeof(LineKind));
    private static readonly AuditNames States = new(typeof(CoverageState));
    private static readonly AuditNames Problems = new(typeof(CoverageProblem));
    private static readonly AuditNames Clocks = new(typeof(TraceClock));
    private static readonly AuditNames Formats = new(typeof(TraceFormat));

    private readonly List<ProcessIdentity[]> _chains = [];
    private readonly List<SeenAccess> _accesses = [];
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<int>> _runs = new(StringComparer.Ordinal);
    private ImportResult? _head;
    private int _schema;
    private long _ancestors;

    public string Version { get; private set; } = "";

    public ImportResult ToResult() => _head! with { Accesses = _accesses, Processes = _lives };

    /// <exception cref="FormatException">Something in the line does not fit.</exception>
    public void Add(RecordFields fields, long number)
    {
        if (number == 1)
        {
            Header(fields);
        }
        else if (fields.Has("operation"))
        {
            _accesses.Add(Seen(fields));
        }
        else if (fields.Has("life") && _schema >= FirstWithLives)
        {
            Life(fields);
        }
        else if (fields.Has("pid"))
        {
            Process(fields);
        }
        else
        {
            throw new FormatException("neither a process nor an access nor the end");
        }
    }

    private void Header(RecordFields fields)
    {
        if (!fields.Has("shellguardAudit"))
        {
            throw new FormatException("no audit file: it does not begin with the field shellguardAudit");
        }

        _schema = fields.Int32("shellguardAudit");
        if (_schema is < 1 or > AuditWriter.Schema)
        {
            throw new FormatException($"version {_schema} of the form, which this version of shellguard does not know");
        }

        Version = fields.Text("version");
        IReadOnlyList<ImportedInput> inputs = fields.Objects("inputs", input => new ImportedInput(
            Text(input, "name"), (TraceFormat)Formats.Number(input.Text("format"), "format"),
            Count(input, "bytes"), Count(input, "lines"), Sha256(input))
        {
            Clock = input.Has("clock") ? (TraceClock)Clocks.Number(input.Text("clock"), "clock") : TraceClock.None,
            Kernel = input.Has("kernel") ? Kernel(input.Object("kernel")) : null,
        });
        RecordFields coverage = fields.Object("coverage");
        CoverageState state = (CoverageState)States.Number(coverage.Text("state"), "state");
        IReadOnlyList<CoverageReason> reasons = coverage.Objects("reasons", reason => new CoverageReason(
            (CoverageProblem)Problems.Number(reason.Text("problem"), "problem"), Count(reason, "count"),
            Place(reason), Text(reason, "text")));
        if ((state == CoverageState.Complete) != (reasons.Count == 0))
        {
            throw new FormatException("a coverage whose state does not fit its reasons");
        }

        long[] lines = LineCounts.None();
        RecordFields counts = fields.Object("lines");
        foreach (string name in counts.Names())
        {
            lines[LineKinds.Number(name, "lines")] = Count(counts, name);
        }

        IReadOnlyList<UnknownLine> unknown = fields.Objects("unknownLines", line => new UnknownLine(
            Place(line), line.Hostile("text").Kept, Count(line, "length")));
        _head = new ImportResult(inputs, LineCounts.Restore(lines, unknown), new CoverageVerdict(state, reasons), [])
        {
            Runs = fields.Has("runs") ? Runs(fields, inputs.Count) : [],
            SystemCalls = fields.Has("systemCalls") ? Calls(fields.Object("systemCalls")) : [],
            Environment = fields.Has("environment") ? Variables(fields) : [],
            Users = fields.Has("users") ? Users(fields) : [],
            IsOfContainer = fields.Has("container") && fields.Boolean("container"),
            MoreProcesses = fields.Has("moreProcesses") ? Count(fields, "moreProcesses") : 0,
        };
    }

    private static RecordedKernel Kernel(RecordFields fields) =>
        new RecordedKernel(fields.Text("release"), fields.Text("machine")) is { IsPlausible: true } kernel
            ? kernel
            : throw new FormatException("a kernel that has no such name");

    private static List<SeenCall> Calls(RecordFields fields)
    {
        List<SeenCall> calls = [];
        foreach (string name in fields.Names())
        {
            calls.Add(new SeenCall(name, fields.Int64(name)));
        }

        return calls.Count <= CallCounts.MaxNames && calls.TrueForAll(call => CallCounts.IsName(call.Name) && call.Count >= 0)
            ? calls
            : throw new FormatException("a system call that has no such name");
    }

    private static IReadOnlyList<AuditRun> Runs(RecordFields fields, int inputs)
    {
        IReadOnlyList<AuditRun> runs = fields.Objects("runs", run => new AuditRun(
            run.OptionalHostile("name") is { } name ? KernelText.Decode(name.Kept.Span) : throw new FormatException("field name is not a text"),
            Sha256(run) ?? throw new FormatException("field sha256 is no SHA-256"),
            (CoverageState)States.Number(run.Text("state"), "state"),
            (int)Math.Min(int.MaxValue, Count(run, "inputs"))));
        return runs.Sum(run => (long)run.Inputs) == inputs && runs.Count is > 0 and <= AuditMerge.MaxRuns
            ? runs
            : throw new FormatException("runs that do not fit the inputs");
    }

    /// <summary>Equal lists are one object: there are many accesses and few sets of runs.</summary>
    private IReadOnlyList<int> RunsOf(RecordFields fields)
    {
        if (_head!.Runs.Count == 0)
        {
            return [];
        }

        IReadOnlyList<long> runs = fields.Int64s("runs");
        long last = -1;
        foreach (long run in runs)
        {
            if (run <= last || run >= _head.Runs.Count)
            {
                throw new FormatException("runs that are not there or not in order");
            }

            last = run;
        }

        if (runs.Count == 0)
        {
            throw new FormatException("an access of no run");
        }

        string key = string.Join(' ', runs);
        if (!_runs.TryGetValue(key, out IReadOnlyList<int>? known))
        {
            int[] numbers = new int[runs.Count];
            for (int index = 0; index < numbers.Length; index++)
            {
                numbers[index] = (int)runs[index];
            }

            _runs.Add(key, known = numbers);
        }

        return known;
    }

    private void Process(RecordFields fields)
    {
        if (fields.Int32("process") != _chains.Count + 1)
        {
            throw new FormatException($"field process is not {_chains.Count + 1}, the next number");
        }

        ProcessIdentity[] parents = fields.Has("parent") ? Chain(fields, "parent") : [];
        _ancestors += parents.Length;
        if (parents.Length >= MaxChain || _ancestors > MaxAncestors)
        {
            throw new FormatException("more ancestors than any writer keeps");
        }

        long user = fields.OptionalInt64("user") ?? -1;
        if (user is < -1 or > uint.MaxValue)
        {
            throw new FormatException("field user is no user's number");
        }

        ProcessIdentity process = new(fields.Int32("pid"), 0, parents.Length > 0 ? parents[0].Pid : 0, OptionalText(fields, "program") ?? "")
        {
            Generation = fields.Int32("generation"),
            Arguments = Arguments(fields),
            User = user < 0 ? null : (uint)user,
            CommandName = OptionalText(fields, "command") ?? "",
        };
        _chains.Add([process, .. parents]);
    }

    private SeenAccess Seen(RecordFields fields)
    {
        Operation operation = (Operation)Operations.Checked(fields.Int32("operation"), fields.Text("operationName"), "operation");
        ObjectKind kind = (ObjectKind)Kinds.Checked(fields.Int32("kind"), fields.Text("kindName"), "kind");
        OutcomeKind outcome = (OutcomeKind)Outcomes.Checked(fields.Int32("outcome"), fields.Text("outcomeName"), "outcome");
        string error = OptionalText(fields, "error") ?? "";
        Access access = new(Chain(fields, "process"), operation, Text(fields, "target"), null)
        {
            Kind = kind,
            Outcome = new Outcome(outcome, error),
            Resolved = OptionalText(fields, "resolved"),
            Destination = OptionalText(fields, "destination"),
            Arguments = Arguments(fields),
            IsUnresolved = fields.Has("unresolved") && fields.Boolean("unresolved"),
        };
        return new SeenAccess(access, Count(fields, "count"), Place(fields)) { Runs = RunsOf(fields) };
    }

    private ProcessIdentity[] Chain(RecordFields fields, string name)
    {
        int number = fields.Int32(name);
        return number >= 1 && number <= _chains.Count
            ? _chains[number - 1]
            : throw new FormatException($"field {name} is {number}, and no such process stands before it");
    }

    private static ArgumentVector Arguments(RecordFields fields) =>
        fields.Has("argv") ? fields.Arguments() : ArgumentVector.Empty;

    private static Origin Place(RecordFields fields)
    {
        if (!fields.Has("line"))
        {
            return default;
        }

        Origin origin = new(fields.Int32("input"), fields.Int64("line"));
        return origin is { Input: >= 0, Line: > 0 } ? origin : throw new FormatException("a place before the first line");
    }

    private static long Count(RecordFields fields, string name) => fields.Int64(name) is >= 0 and long count
        ? count
        : throw new FormatException($"field {name} is less than nothing");

    private static string? Sha256(RecordFields fields)
    {
        string? hash = fields.IsNull("sha256") ? null : fields.Text("sha256");
        return hash is null || (hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower))
            ? hash
            : throw new FormatException("field sha256 is no SHA-256");
    }

    private string Text(RecordFields fields, string name) =>
        OptionalText(fields, name) ?? throw new FormatException($"field {name} is not a text");

    private string? OptionalText(RecordFields fields, string name)
    {
        HostileText? hostile = fields.OptionalHostile(name);
        if (hostile is null)
        {
            return null;
        }

        // Shown with what is missing, and too long to be the name of anything that could be granted.
        string text = hostile.IsTruncated
            ? KernelText.Decode(hostile.Kept.Span[..Math.Min(hostile.Kept.Length, CutText)]) + $"…({hostile.Length} bytes, sha256 {hostile.Sha256})"
            : KernelText.Decode(hostile.Kept.Span);
        if (_texts.TryGetValue(text, out string? known))
        {
            return known;
        }

        _texts.Add(text, text);
        return text;
    }
}
