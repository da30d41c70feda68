using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import.Tables;

/// <summary>Processes of tables, which know a number and a command name. Where a table of executions was read, too, the
/// program is known.</summary>
internal sealed class TableProcesses(AccessTable table)
{
    /// <summary>A command name is the first 15 bytes of the program's name, of which some tools print 12.</summary>
    private const int ShortestCut = 12, LongestCut = 15;

    /// <summary>Entries kept of each kind: a hostile table has no end of numbers.</summary>
    private const int MaxKept = 262_144;

    private readonly Dictionary<int, ProcessImage> _last = [];

    // By number, command name and user; a program that was executed has every user.
    private readonly Dictionary<(int Pid, int Command, long User), ProcessImage> _programs = [];
    private readonly Dictionary<(int Pid, int Command, long User), ProcessImage> _unknown = [];

    /// <summary>A program was started.</summary>
    /// <returns>Who started it, which is the process before.</returns>
    public ProcessImage Execute(int pid, int parent, int program, int arguments, int command, long user)
    {
        ProcessImage? starter = parent > 0 ? _last.GetValueOrDefault(parent) : null;
        ProcessImage? last = _last.GetValueOrDefault(pid);
        ProcessImage before = last is { Program: not 0 } ? last : new ProcessImage(pid, last?.Generation ?? 1, starter, 0, 0, user, 0);
        ProcessImage image = new(pid, before.Generation, before.Parent, program, arguments, user, command);
        if (last is not null || _last.Count < MaxKept)
        {
            _last[pid] = image;
        }

        ReadOnlySpan<byte> name = table.Texts[program];
        name = name[(name.LastIndexOf((byte)'/') + 1)..];
        Keep(image, name);
        for (int length = ShortestCut; length <= LongestCut && length < name.Length; length++)
        {
            Keep(image, name[..length]);
        }

        return starter ?? before;
    }

    /// <summary>A process ended: its number means another one from now on.</summary>
    public void End(int pid)
    {
        if (_last.TryGetValue(pid, out ProcessImage? image))
        {
            _last[pid] = new ProcessImage(pid, image.Generation + 1, null, 0, 0, ProcessImage.UnknownUser, 0);
        }
    }

    /// <summary>Who has this number and this command name: the program with it that was started last.</summary>
    public ProcessImage Find(int pid, ReadOnlySpan<byte> command, long user)
    {
        int name = table.Texts.Add(command);
        if (_programs.TryGetValue((pid, name, ProcessImage.UnknownUser), out ProcessImage? image) || _unknown.TryGetValue((pid, name, user), out image))
        {
            return image;
        }

        image = new ProcessImage(pid, 1, null, 0, 0, user, name);
        if (_unknown.Count < MaxKept)
        {
            _unknown.Add((pid, name, user), image);
        }

        return image;
    }

    private void Keep(ProcessImage image, ReadOnlySpan<byte> command)
    {
        (int, int, long) key = (image.Pid, table.Texts.Add(command), ProcessImage.UnknownUser);
        if (_programs.Count < MaxKept || _programs.ContainsKey(key))
        {
            _programs[key] = image;
        }
    }
}
