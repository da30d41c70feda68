using ShellGuard.Audit.Model;
using ShellGuard.Policy.Model;

namespace ShellGuard.Audit.Profiles.Generalisation;

/// <summary>Names that the command made with the number of one of its processes in them, as PostgreSQL's
/// <c>pg_internal.init.4711</c>.</summary>
internal sealed class ProcessNumbers : IPathRule
{
    private readonly HashSet<string> _numbers = new(StringComparer.Ordinal);

    public ProcessNumbers(IReadOnlyList<SeenAccess> accesses)
    {
        foreach (SeenAccess seen in accesses)
        {
            _numbers.Add(seen.Access.Chain[0].Pid.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    public GeneralRule Rule { get; } = new("process-number", "the number in the name is that of a process");

    public void Apply(PathParts path)
    {
        int last = path.Literal.Count - 1;
        if (!path.IsMade || path.IsPattern || last < 1)
        {
            return;
        }

        string name = path.Literal[last];
        for (int start = 0; start < name.Length; start++)
        {
            int end = start;
            while (end < name.Length && char.IsAsciiDigit(name[end]))
            {
                end++;
            }

            // Not 8 in utf8, nor all of a name: that could be anything.
            if (end - start > 1 && end - start < name.Length && (start == 0 || !char.IsAsciiLetterOrDigit(name[start - 1]))
                && (end == name.Length || !char.IsAsciiLetter(name[end])) && _numbers.Contains(name[start..end]))
            {
                path.Replace(last, Glob.Quote(name[..start]) + "*" + Glob.Quote(name[end..]), Rule);
                return;
            }

            start = Math.Max(start, end);
        }
    }
}
