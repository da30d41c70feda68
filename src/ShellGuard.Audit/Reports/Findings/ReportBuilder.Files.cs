using ShellGuard.Audit.Model;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Reports.Document;
using ShellGuard.Audit.Reports.Pictures;
using ShellGuard.Core;

namespace ShellGuard.Audit.Reports.Findings;

public sealed partial class ReportBuilder
{
    private const int ChartRows = 20;

    private void Changes()
    {
        ReportSection section = Add("changes", "What it changed", "Paths that were written, made, renamed, deleted or given other attributes.");
        AddTable(
            section, ["path", "what", "class", "package", "by", "times", "runs"],
            Granted(Surprises.IsChange).Where(access => !IsOwnDevice(access.Target)).GroupBy(access => access.Target, StringComparer.Ordinal).Select(path => (IReadOnlyList<string>)
            [
                AccessText.Name(path.Key), Operations(path), _sensitivity.Of(path.Key), _packages.OwnerOf(path.Key) ?? "", By(path), Count(path.Sum(access => access.Count)), Runs(path),
            ]).OrderBy(row => Array.IndexOf(Sensitivity.Classes, row[2])).ThenBy(row => row[0], StringComparer.Ordinal));
    }

    private void SensitiveFiles()
    {
        ReportSection section = Add("sensitivity", "Files by sensitivity", "Paths that were read, listed, executed or changed, the most sensitive class first.");
        List<IReadOnlyList<string>> rows = [];
        foreach (IGrouping<string, GeneralAccess> group in Granted(IsFile).GroupBy(access => _sensitivity.Of(access.Target), StringComparer.Ordinal)
            .OrderBy(group => Array.IndexOf(Sensitivity.Classes, group.Key)))
        {
            List<GeneralAccess> all = [.. group];
            rows.Add(
            [
                group.Key, Count(Paths(all, access => !Surprises.IsChange(access))), Count(Paths(all, Surprises.IsChange)),
                string.Join("  ", all.Select(access => access.Target).Distinct(StringComparer.Ordinal).Take(6).Select(name => AccessText.Name(name, 50))), By(all),
            ]);
        }

        AddTable(section, ["class", "read", "changed", "for example", "by"], rows);
        ReportTable detail = Table(
            ["path", "what", "by", "times", "runs"],
            Granted(IsFile).Where(access => Array.IndexOf(Sensitivity.Classes, _sensitivity.Of(access.Target)) <= 4).GroupBy(access => access.Target, StringComparer.Ordinal)
                .Select(path => (IReadOnlyList<string>)[AccessText.Name(path.Key), Operations(path), By(path), Count(path.Sum(access => access.Count)), Runs(path)]));
        if (detail.Rows.Count > 0)
        {
            section.Blocks.Add(detail);
        }
    }

    private void Directories()
    {
        ReportSection section = Add("directories", "Access by directory", "How many files of a directory were read and changed.");
        List<DirectoryCount> rows =
        [
            .. Granted(IsFile).GroupBy(access => DirectoryOf(access.Target), StringComparer.Ordinal).Select(group => new DirectoryCount(
                AccessText.Name(group.Key, 60), Paths([.. group], access => !Surprises.IsChange(access)), Paths([.. group], Surprises.IsChange)))
                .OrderByDescending(row => Math.Min(row.Changed, 1)).ThenByDescending(row => row.Read + row.Changed).ThenBy(row => row.Directory, StringComparer.Ordinal),
        ];
        if (rows.Count > 0)
        {
            section.Blocks.Add(new ReportPicture(DirectoryChart.Write([.. rows.Take(ChartRows)]), "Directories with changes stand first; the length of a bar grows with the root of the number."));
            AddTable(section, ["directory", "read", "changed"], rows.Select(row => (IReadOnlyList<string>)[row.Directory, Count(row.Read), Count(row.Changed)]));
        }
    }

    private void Packages()
    {
        ReportSection section = Add("packages", "Files by Debian package", "By dpkg's lists of the host on which this report was made.");
        SortedDictionary<string, List<GeneralAccess>> packages = new(StringComparer.Ordinal);
        List<GeneralAccess> unowned = [];
        foreach (GeneralAccess access in Granted(IsFile))
        {
            // Names that a pattern puts together need not be of one package.
            foreach (IGrouping<string, SeenAccess> part in access.Members.GroupBy(seen => _packages.OwnerOf(seen.Access.Target) ?? "", StringComparer.Ordinal))
            {
                GeneralAccess of = access with { Members = [.. part] };
                if (part.Key.Length == 0)
                {
                    unowned.Add(of);
                }
                else if (packages.TryGetValue(part.Key, out List<GeneralAccess>? files))
                {
                    files.Add(of);
                }
                else
                {
                    packages.Add(part.Key, [of]);
                }
            }
        }

        AddTable(section, ["package", "files", "executed", "changed", "by"], packages.Select(package => (IReadOnlyList<string>)
        [
            package.Key, Count(Paths(package.Value, _ => true)), Count(Paths(package.Value, access => access.Operation == Operation.Execute)), Count(Paths(package.Value, Surprises.IsChange)), By(package.Value),
        ]));
        List<GeneralAccess> programs = [.. unowned.Where(access => access.Operation is Operation.Execute or Operation.MapExecutable)];
        AddTable(section, ["code that belongs to no package", "what", "by", "times"], programs.GroupBy(access => access.Target, StringComparer.Ordinal).Select(path => (IReadOnlyList<string>)
            [AccessText.Name(path.Key), Operations(path), By(path), Count(path.Sum(access => access.Count))]));
    }

    private static bool IsFile(GeneralAccess access) => access.Target.StartsWith('/') && !access.IsUnresolved
        && access.Operation is not (Operation.Stat or Operation.SystemCall or Operation.Signal or Operation.Trace)
        && access.Kind.HasPath();

    private static int Paths(IReadOnlyList<GeneralAccess> accesses, Func<GeneralAccess, bool> belongs) =>
        accesses.Where(belongs).SelectMany(access => access.Members).Select(seen => seen.Access.Target).Distinct(StringComparer.Ordinal).Count();

    private static string Operations(IEnumerable<GeneralAccess> accesses)
    {
        string?[] names = new string?[64];
        foreach (GeneralAccess access in accesses)
        {
            names[(int)access.Operation] = KebabCase.Of(access.Operation.ToString());
        }

        return string.Join(", ", names.OfType<string>());
    }

    private static string DirectoryOf(string path)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        int depth = parts.Length > 1 && parts[0] is "usr" or "var" or "home" or "root" ? 2 : 1;
        return "/" + string.Join('/', parts.Take(Math.Min(depth, Math.Max(1, parts.Length - 1))));
    }
}
