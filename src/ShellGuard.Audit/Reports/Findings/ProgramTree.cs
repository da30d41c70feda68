using ShellGuard.Audit.Model;
using ShellGuard.Core;

namespace ShellGuard.Audit.Reports.Findings;

/// <summary>Which program started which, equal ones together.</summary>
internal sealed class ProgramTree
{
    private readonly HashSet<string> _processes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ProgramTree> _children = new(StringComparer.Ordinal);

    private ProgramTree(string name) => Name = name;

    public string Name { get; }

    /// <summary>Processes that ran it there, as far as they accessed anything.</summary>
    public int Processes => _processes.Count;

    /// <summary>The arguments of the first; empty where they are not known.</summary>
    public string Arguments { get; private set; } = "";

    /// <summary>User numbers, where they are known.</summary>
    public SortedSet<long> Users { get; } = [];

    /// <summary>In the order of names.</summary>
    public IReadOnlyCollection<ProgramTree> Children => _children.Values;

    public static ProgramTree Of(IEnumerable<SeenAccess> accesses)
    {
        ProgramTree root = new("");
        HashSet<ProcessIdentity> known = new(ReferenceEqualityComparer.Instance);
        foreach (SeenAccess seen in accesses)
        {
            Access access = seen.Access;
            if (access is { Operation: Operation.Execute, Outcome.IsGranted: true })
            {
                // Who executes is about to be another program in the same process: the new one is what there is.
                ProcessIdentity actor = access.Chain[0];
                root.Add([new ProcessIdentity(actor.Pid, 0, actor.ParentPid, access.Target) { Generation = actor.Generation, Arguments = access.Arguments, User = actor.User }, .. access.Chain.Skip(1)]);
            }
            else if (known.Add(access.Chain[0]))
            {
                root.Add(access.Chain);
            }
        }

        return root;
    }

    /// <summary>Each with its depth, as far as a page can hold: of many children the ones with the most processes.
    /// </summary>
    public IEnumerable<ProgramLine> Lines(int mostChildren, int depth = 0)
    {
        foreach (ProgramTree child in _children.Values.OrderByDescending(child => child.Processes).ThenBy(child => child.Name, StringComparer.Ordinal).Take(mostChildren))
        {
            yield return new ProgramLine(depth, child);
            foreach (ProgramLine line in child.Lines(mostChildren, depth + 1))
            {
                yield return line;
            }
        }
    }

    private void Add(IReadOnlyList<ProcessIdentity> chain)
    {
        ProgramTree place = this;
        for (int index = chain.Count - 1; index >= 0; index--)
        {
            ProcessIdentity process = chain[index];
            string name = AccessText.Program(process);

            // A fork that executes nothing is the same program.
            if (place.Name != name)
            {
                if (!place._children.TryGetValue(name, out ProgramTree? child))
                {
                    place._children.Add(name, child = new ProgramTree(name) { Arguments = AccessText.Arguments(process.Arguments, 100) });
                }

                place = child;
            }

            place._processes.Add($"{process.Pid}.{process.Generation}");
            if (process.User is { } user)
            {
                place.Users.Add(user);
            }
        }
    }
}

/// <summary>A program in the tree.</summary>
/// <param name="Depth">From 0.</param>
internal sealed record ProgramLine(int Depth, ProgramTree Program);
