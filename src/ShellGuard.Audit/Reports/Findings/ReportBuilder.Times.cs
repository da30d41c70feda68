using System.Globalization;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Reports.Document;
using ShellGuard.Audit.Reports.Pictures;
using ShellGuard.Core;
using ShellGuard.Policy.Lint;

namespace ShellGuard.Audit.Reports.Findings;

/// <summary>When processes ran, what they were given, and what they used.</summary>
public sealed partial class ReportBuilder
{
    /// <summary>Runs of which a time line is drawn.</summary>
    private const int DrawnRuns = 4;

    /// <summary>Processes in one picture.</summary>
    private const int DrawnProcesses = 40;

    private void Times()
    {
        ReportSection section = Add(
            "timeline", "Processes as a time line",
            _timelines.Count > 0 ? "When each process began and how long it lasted. A process that executes nothing is a fork of the program that started it."
            : "The recording does not show when processes began: strace writes times with -ttt, shellguard trace always.");
        foreach (Timeline line in _timelines.Take(DrawnRuns))
        {
            IReadOnlyList<TimelineRow> longest = line.Longest(DrawnProcesses);
            section.Blocks.Add(new ReportPicture(TimelinePicture.Write(line, longest), $"{RunName(line.Run)}{Began(line)}, {Seconds(line.Length)} s, {Number(line.Rows.Count, "process", "processes")}, at most {Count(line.Peak)} at once."
                + (longest.Count < line.Rows.Count ? $" The {longest.Count} that lasted longest are drawn; the row at the top counts all." : "")));
        }

        AddTable(
            section, ["begins (s)", "lasts (s)", "program", "arguments", "number", "ended", "processor (s)", "memory (MiB)", "run"],
            _timelines.SelectMany(line => line.Rows.Select(row => (IReadOnlyList<string>)
            [
                Seconds(row.Seen.Start!.Value - line.Start), row.Seen.End is null ? "" : Seconds(line.Lasted(row)),
                Shown(row), row.IsFork ? "" : AccessText.Arguments(row.Program!.Arguments, 100), row.Seen.Pid.ToString(CultureInfo.InvariantCulture), Ended(row.Seen),
                row.Seen.Use is { } use ? Seconds(use.User, use.System) : "", row.Seen.Use is { } used ? Mebibytes(used.Memory * 1024.0) : "",
                _profile.Runs > 1 ? Count(line.Run + 1) : "",
            ])));
        if (_profile.Result.MoreProcesses > 0)
        {
            section.Blocks.Add(ReportList.Of([$"{Count(_profile.Result.MoreProcesses)} more processes were seen and not kept."]));
        }
    }

    private void Resources()
    {
        IReadOnlyList<RunResources> runs = RunResources.Of(_profile.Result);
        ReportSection section = Add(
            "resources", "Resources",
            runs.Count > 0
                ? "Processor time, memory and bytes of the command and of the children that were waited for, as the kernel counted them. The memory is the most that one process had. What was read and written is that of files, pipes and sockets together; what went from and to disks is less, because of the cache."
                : "Time, memory and bytes are not known: only recordings of shellguard trace have them.");
        IReadOnlyList<string> columns =
            ["run", "lasted (s)", "processes", "at once", "in programs (s)", "in the kernel (s)", "memory (MiB)", "read (MiB)", "written (MiB)", "from disks (MiB)", "to disks (MiB)"];
        List<IReadOnlyList<string>> rows = [];
        foreach (RunResources used in runs)
        {
            Timeline? line = LineOf(used.Run);
            rows.Add(
            [
                Count(used.Run + 1), line is null ? "" : Seconds(line.Length), Count(used.Processes), line is null ? "" : Count(line.Peak),
                Seconds(used.User), Seconds(used.System), Mebibytes(used.Memory * 1024.0), Mebibytes(used.Read), Mebibytes(used.Written), Mebibytes(used.Fetched), Mebibytes(used.Stored),
            ]);
        }

        // Of one run a line for each number is easier to read.
        if (rows.Count == 1)
        {
            AddTable(section, ["what", "how much"], Enumerable.Range(1, columns.Count - 1).Where(column => rows[0][column].Length > 0)
                .Select(column => (IReadOnlyList<string>)[columns[column], rows[0][column]]));
        }
        else
        {
            AddTable(section, columns, rows);
        }
    }

    private void Environment()
    {
        IReadOnlyList<SeenVariable> variables = _profile.Result.Environment;
        ReportSection section = Add(
            "environment", "Environment",
            variables.Count > 0
                ? "The names of the variables that the command was given, and of those that it gave to what it executed. No value is in the audit. Which variables a program reads no recording shows."
                : "The recording does not have the variables that the command was given: shellguard trace has their names, strace with -v.");
        AddTable(section, ["name", "value", "what", "given", "times"], variables.Select(variable => (IReadOnlyList<string>)
        [
            AccessText.Name(variable.Name, 80), "masked", Meaning(variable.Name), variable.IsGiven ? "to the command" : "by the command", Count(variable.Count),
        ]).OrderBy(row => row[2].Length == 0).ThenBy(row => row[0], StringComparer.Ordinal));
    }

    private void Bound()
    {
        ReportSection section = Add(
            "static", "Static upper bound",
            "What the programs could do beyond what they did is not known: nobody has derived it from their code, and this report does not claim it. Of what was executed, these are more powerful, or more open, than who started them, by the modes of the host on which this report was made.");
        AddTable(section, ["program", "package", "why"], Granted(access => access.Operation == Operation.Execute).Select(access => access.Target).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal).Select(program => (IReadOnlyList<string>)[AccessText.Name(program), _packages.OwnerOf(program) ?? "", Powers(program)])
            .Where(row => row[2].Length > 0));
    }

    private string Powers(string program)
    {
        const uint setUser = 0b100_000_000_000, setGroup = 0b010_000_000_000, groupWrites = 0b010_000, allWrite = 0b010;
        if (_host?.Look(program) is not { IsRegular: true } file)
        {
            return "";
        }

        List<string> powers = [];
        if ((file.Mode & setUser) != 0)
        {
            powers.Add($"runs as {(file.Owner == 0 ? "root" : $"user {file.Owner}")}, whoever starts it (set-user-ID)");
        }

        if ((file.Mode & setGroup) != 0)
        {
            powers.Add($"runs with group {_host.GroupName(file.Group) ?? file.Group.ToString(CultureInfo.InvariantCulture)} (set-group-ID)");
        }

        if ((file.Mode & allWrite) != 0 || ((file.Mode & groupWrites) != 0 && file.Group != 0))
        {
            powers.Add((file.Mode & allWrite) != 0 ? "everybody can change it" : "its group can change it");
        }

        return string.Join("; ", powers);
    }

    private static string Meaning(string name) => VariableNames.LooksSecret(name) ? "looks like a secret"
        : VariableNames.LoadsCode(name) ? "makes programs load or run something"
        : VariableNames.PointsAtService(name) ? "points at a service of the host"
        : "";

    private Timeline? LineOf(int run) => _timelines.FirstOrDefault(line => line.Run == run);

    private string RunName(int run) => _profile.Runs > 1 ? $"Run {Count(run + 1)}: began" : "Began";

    private static string Began(Timeline line) => line.Clock switch
    {
        // Before the year 9999, which is the last that has a date here.
        TraceClock.Utc when line.Start < 253_402_300_799_000_000 => string.Create(
            CultureInfo.InvariantCulture, $" {DateTimeOffset.UnixEpoch.AddMicroseconds(line.Start):yyyy-MM-dd HH:mm:ss} UTC"),
        TraceClock.Day => string.Create(CultureInfo.InvariantCulture, $" at {TimeSpan.FromSeconds(line.Start / 1_000_000 % 86_400):hh\\:mm\\:ss} of a day that the recording does not name"),
        _ => " at a time that the recording does not name",
    };

    private static string Shown(TimelineRow row) => row.Program is null ? "not seen" : (row.IsFork ? "fork of " : "") + AccessText.Name(row.Program.Program, 80);

    internal static string Ended(SeenProcess process) => process.Signal is { } signal ? AccessText.Name(signal, 20)
        : process.Status is { } status ? status == 0 ? "well" : $"status {status}"
        : process.End is null ? "not seen" : "";

    internal static string Seconds(params ReadOnlySpan<long> microseconds)
    {
        double sum = 0;
        foreach (long part in microseconds)
        {
            sum += part;
        }

        return (sum / 1e6).ToString("N3", CultureInfo.InvariantCulture);
    }

    private static string Mebibytes(double? bytes) => bytes is { } known ? (known / 1024 / 1024).ToString("N1", CultureInfo.InvariantCulture) : "";
}
