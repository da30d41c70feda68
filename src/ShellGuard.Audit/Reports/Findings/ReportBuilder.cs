using System.Globalization;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Reports.Document;
using ShellGuard.Core;

namespace ShellGuard.Audit.Reports.Findings;

/// <summary>Makes a report of a profile. The same audit gives the same report.</summary>
public sealed partial class ReportBuilder
{
    private readonly AccessProfile _profile;
    private readonly IPackageOwners _packages;
    private readonly Sensitivity _sensitivity;
    private readonly IHostLook? _host;
    private readonly IReadOnlyList<Timeline> _timelines;
    private readonly int _rows;
    private readonly List<ReportSection> _sections = [];

    /// <summary>What was done to each path, and to more sensitive files that links led to.</summary>
    private readonly IReadOnlyList<GeneralAccess> _touched;

    private ReportBuilder(AccessProfile profile, IPackageOwners packages, IHostLook? host, int rows)
    {
        (_profile, _packages, _host, _rows) = (profile, packages, host, rows);
        _timelines = Timeline.Of(profile.Result);
        List<GeneralAccess> named = [.. profile.Source.Accesses.SelectMany(TouchedPaths.Of)];
        _sensitivity = new Sensitivity(Credentials.For(named.Concat(named.SelectMany(TouchedPaths.LedTo)).Select(access => access.Target)));
        _touched = [.. named, .. named.SelectMany(access => TouchedPaths.LedTo(access).Where(led => _sensitivity.IsMore(led.Target, access.Target)))];
    }

    /// <param name="rows">Rows of a table; the rest is counted.</param>
    /// <param name="host">The host's files; null where nothing is to be said about them.</param>
    public static ReportDocument Build(AccessProfile profile, IPackageOwners packages, int rows = 200, IHostLook? host = null)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ReportBuilder builder = new(profile, packages, host, rows);
        builder.Verdict();
        builder.Changes();
        builder.Connections();
        builder.Executions();
        builder.Processes();
        builder.Times();
        builder.Resources();
        builder.Privileges();
        builder.Delegations();
        builder.SensitiveFiles();
        builder.Directories();
        builder.Packages();
        builder.Refusals();
        builder.Environment();
        builder.Bound();
        builder.EvidenceOfIt();
        builder.Limits();
        return new ReportDocument($"Access audit: {builder.Subject}", builder._sections);
    }

    private string Subject => _profile.Command.Count == 0 ? "a recording" : AccessText.Arguments(_profile.Command, 120);

    private void Verdict()
    {
        ReportSection section = Add("verdict", "Verdict", "");
        IReadOnlyList<Surprise> surprises = Surprises.Of(_profile, _sensitivity, _touched);
        int serious = surprises.Count(surprise => surprise.Weight == 3), notable = surprises.Count(surprise => surprise.Weight == 2);
        List<ReportLine> lines = [];
        string package = _packages.OwnerOf(_profile.Program) is { } owner ? $", of the Debian package {owner}" : "";
        string users = string.Join(", ", _profile.Result.Accesses.Where(seen => seen.Access.Chain[0].User is not null)
            .Select(seen => UserText.WithKind(_profile.Result, seen.Access.Chain[0].User!.Value)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Line(lines, 0, $"What it is: {(_profile.Program.Length > 0 ? AccessText.Name(_profile.Program) : "not recorded")}{package}{(users.Length > 0 ? $"; ran as {users}" : "")}; {Number(_profile.Runs, "run")}.");
        if (_profile.IsJudgedByHost)
        {
            Line(lines, 0, $"Not its own files: {AccessProfile.JudgedByHost}");
        }

        Line(lines, 0, $"Surprises: {Number(serious, "kind")} serious, {notable} notable.");
        foreach (Surprise surprise in surprises.Take(12))
        {
            Line(lines, 1, $"{(surprise.Weight == 3 ? "serious" : surprise.Weight == 2 ? "notable" : "to know")}: {surprise.Text}{Examples(surprise.Accesses)}");
        }

        Line(lines, 0, Summary("It changed", Granted(Surprises.IsChange).Where(access => !IsOwnDevice(access.Target)), "nothing"));
        Line(lines, 0, Summary("It connected to", _profile.Connects.Where(endpoint => !endpoint.IsSelection).Select(endpoint => endpoint.Evidence), "nothing"));
        Line(lines, 0, Summary("It executed", Granted(access => access.Operation == Operation.Execute), "nothing else"));
        Line(lines, 0, Summary("The kernel denied it", _profile.Denied, "nothing"));
        Line(lines, 0, _profile.Privileges.Count == 0
            ? "Nothing that it did needs root."
            : $"It needs root, or a replacement, for {Number(_profile.Privileges.Count, "reason")}: see \"Not as root\".");
        if (RunResources.Of(_profile.Result) is [{ Run: 0 } used, ..])
        {
            Line(lines, 0, $"It used {Seconds(used.User, used.System)} s of processor time and at most {Mebibytes(used.Memory * 1024.0)} MiB for one process, in {Number(used.Processes, "process", "processes")}"
                + $"{(LineOf(0) is { } time ? $" and {Seconds(time.Length)} s" : "")}{(_profile.Runs > 1 ? ", in the first run" : "")}.");
        }

        if (_profile.Result.Environment.Count(variable => variable.IsGiven) is > 0 and int given)
        {
            int secret = _profile.Result.Environment.Count(variable => variable.IsGiven && Policy.Lint.VariableNames.LooksSecret(variable.Name));
            Line(lines, 0, $"It was given {Number(given, "variable")}, of which {(secret == 0 ? "none looks" : secret == 1 ? "1 looks" : $"{Count(secret)} look")} like a secret.");
        }

        CoverageVerdict coverage = _profile.Result.Coverage;
        Line(lines, 0, coverage.State == CoverageState.Complete
            ? "Coverage: complete. Everything that the method can see was seen."
            : $"Coverage: {KebabCase.Of(coverage.State.ToString())}. There may be more than this report shows:");
        foreach (CoverageReason reason in coverage.Reasons.Take(6))
        {
            Line(lines, 1, SafeText.Message(reason.Text));
        }

        section.Blocks.Add(new ReportList(lines));
    }

    private void EvidenceOfIt()
    {
        ReportSection section = Add("evidence", "Evidence", "What this report was made from. shellguard audit verify compares the hashes, shellguard audit explain leads from any name here to process, arguments and line.");
        ImportResult result = _profile.Result;
        section.Blocks.Add(Table(
            ["recording", "form", "kernel", "lines", "bytes", "sha256"],
            result.Inputs.Select(input => (IReadOnlyList<string>)
            [
                AccessText.Name(input.Name), KebabCase.Of(input.Format.ToString()), input.Kernel?.ToString() ?? "", Count(input.Lines), Count(input.Bytes), input.Sha256 ?? "not read to its end",
            ])));
        if (result.Runs.Count > 0)
        {
            section.Blocks.Add(Table(
                ["run", "coverage", "sha256"],
                result.Runs.Select(run => (IReadOnlyList<string>)[AccessText.Name(run.Name), KebabCase.Of(run.State.ToString()), run.Sha256])));
        }

        if (_profile.Source.Uses.Count > 0)
        {
            section.Blocks.Add(Table(
                ["names that stand for others", "names", "became", "why"],
                _profile.Source.Uses.Select(use => (IReadOnlyList<string>)[use.Rule.Name, Count(use.Names), Count(use.Patterns), use.Rule.Reason])));
        }
    }

    private void Limits() => Add("limits", "Limits of the method", "").Blocks.Add(ReportList.Of(
    [
        "Only what happened in the recorded runs is here. Another input, another day, another host can take other paths.",
        "What an open asks for counts, not what is read or written later; what is written through a mapping or by io_uring is not seen.",
        "What services do on behalf of the command is not seen; the connection to them is.",
        "Answers of DNS are not recorded: the name of a peer is the one that stands in the arguments of who connected, and where none does there is none.",
        "Processor time of processes that nobody waited for counts where they outlived who started them; the rest of it is missing.",
        "What variables a program reads, which capabilities the kernel checks, and what the programs could do in other runs is not known.",
        "Packages and file modes are those of the host on which this report was made.",
        "What was looked for and not there is counted, not listed.",
    ]));

    private ReportSection Add(string id, string title, string intro)
    {
        ReportSection section = new(id, title, intro);
        _sections.Add(section);
        return section;
    }

    private IEnumerable<GeneralAccess> Granted(Func<GeneralAccess, bool> belongs) =>
        _touched.Where(access => access.Outcome.IsGranted && access.Kind != ObjectKind.Memory && belongs(access));

    private ReportTable Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        List<IReadOnlyList<string>> all = [.. rows];

        // A column in which nothing stands says nothing.
        bool[] kept = new bool[columns.Count];
        for (int column = 0; column < kept.Length; column++)
        {
            int place = column;
            kept[column] = column == 0 || all.Exists(row => row[place].Length > 0);
        }

        if (Array.IndexOf(kept, false) >= 0)
        {
            columns = Kept(columns, kept);
            all = [.. all.Select(row => Kept(row, kept))];
        }

        return new ReportTable(columns, all.Count > _rows ? all[.._rows] : all, Math.Max(0, all.Count - _rows));
    }

    private static List<string> Kept(IReadOnlyList<string> cells, bool[] kept)
    {
        List<string> left = [];
        for (int column = 0; column < kept.Length; column++)
        {
            if (kept[column])
            {
                left.Add(cells[column]);
            }
        }

        return left;
    }

    private void AddTable(ReportSection section, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        ReportTable table = Table(columns, rows);
        if (table.Rows.Count > 0)
        {
            section.Blocks.Add(table);
        }
    }

    /// <summary>Adds a line whose words up to the first colon, which are ours, are its heading.</summary>
    private static void Line(List<ReportLine> lines, int depth, string text) =>
        lines.Add(new ReportLine(depth, text) { Heading = depth == 0 ? text.IndexOf(':', StringComparison.Ordinal) + 1 : 0 });

    private static string Summary(string what, IEnumerable<GeneralAccess> accesses, string none)
    {
        List<GeneralAccess> all = [.. accesses];
        return all.Count == 0 ? $"{what} {none}." : $"{what} {Count(all.Select(access => access.Target).Distinct(StringComparer.Ordinal).Count())}{Examples(all)}";
    }

    private static string Examples(IReadOnlyList<GeneralAccess> accesses)
    {
        List<string> names = [.. accesses.OrderByDescending(access => access.Count).Select(access => access.Target).Distinct(StringComparer.Ordinal)];
        return names.Count == 0 ? "" : $": {string.Join(", ", names.Take(4).Select(name => AccessText.Name(name, 60)))}{(names.Count > 4 ? ", …" : "")}";
    }

    private string Runs(IEnumerable<GeneralAccess> accesses) => _profile.Runs == 1 ? ""
        : $"{GeneralAccess.CountRuns(accesses)} of {_profile.Runs}";

    private static string By(IEnumerable<GeneralAccess> accesses)
    {
        List<string> programs = [.. accesses.SelectMany(access => access.Members).Select(seen => AccessText.ShortProgram(seen.Access.Chain[0]))
            .Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];
        return string.Join(", ", programs.Take(4)) + (programs.Count > 4 ? ", …" : "");
    }

    internal static bool IsOwnDevice(string path) => path.StartsWith("/dev/null", StringComparison.Ordinal) || path.StartsWith("/dev/tty", StringComparison.Ordinal) || path.StartsWith("/dev/pts", StringComparison.Ordinal);

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(int count, string noun, string? nouns = null) => $"{Count(count)} {(count == 1 ? noun : nouns ?? noun + "s")}";
}
