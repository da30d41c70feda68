namespace ShellGuard.Audit.Profiles.Generalisation;

/// <summary><c>/proc/4711</c>, threads and descriptors in it.</summary>
internal sealed class ProcessDirectories : IPathRule
{
    public GeneralRule Rule { get; } = new("process-directory", "numbers of processes and descriptors differ in each run");

    public void Apply(PathParts path)
    {
        if (path.Literal.Count < 2 || path.Literal[0] != "proc")
        {
            return;
        }

        for (int part = 1; part < path.Literal.Count; part++)
        {
            if ((part == 1 || path.Literal[part - 1] is "task" or "fd" or "fdinfo" or "map_files")
                && path.Literal[part].All(char.IsAsciiDigit))
            {
                path.Replace(part, "*", Rule);
            }
        }
    }
}
