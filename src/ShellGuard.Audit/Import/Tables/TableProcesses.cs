using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import.Tables;

/// <summary>Processes of tables, which know a number and a command name. Where a table of executions was read, too, the
/// program is known.</summary>
internal sealed class TableProcesses(AccessTable table)
{
    private readonly Dictionary<int, List<ProcessImage>> _images = [];
    private readonly Dictionary<(int Pid, int Command, long User), ProcessImage> _unknown = [];

    /// <summary>A program was started.</summary>
    /// <returns>Who started it, which is the process before.</returns>
    public ProcessImage Execute(int pid, int parent, int program, int arguments, int command, long user)
    {
        ProcessImage? starter = parent > 0 && _images.TryGetValue(parent, out List<ProcessImage>? parents) ? parents[^1] : null;
        if (!_images.TryGetValue(pid, out List<ProcessImage>? images))
        {
            _images.Add(pid, images = []);
        }

        ProcessImage before = images.Count > 0 && images[^1].Program != 0
            ? images[^1]
            : new ProcessImage(pid, images.Count + 1, starter, 0, 0, user, 0);
        images.Add(new ProcessImage(pid, before.Generation, before.Parent, program, arguments, user, command));
        return starter ?? before;
    }

    /// <summary>A process ended: its number means another one from now on.</summary>
    public void End(int pid)
    {
        if (_images.TryGetValue(pid, out List<ProcessImage>? images))
        {
            images.Add(new ProcessImage(pid, images[^1].Generation + 1, null, 0, 0, ProcessImage.UnknownUser, 0));
        }
    }

    /// <summary>Who has this number and this command name.</summary>
    public ProcessImage Find(int pid, ReadOnlySpan<byte> command, long user)
    {
        if (_images.TryGetValue(pid, out List<ProcessImage>? images))
        {
            for (int i = images.Count - 1; i >= 0; i--)
            {
                if (images[i].Program != 0 && IsCommandOf(command, table.Texts[images[i].Program]))
                {
                    return images[i];
                }
            }
        }

        int name = table.Texts.Add(command);
        if (!_unknown.TryGetValue((pid, name, user), out ProcessImage? image))
        {
            image = new ProcessImage(pid, 1, null, 0, 0, user, name);
            _unknown.Add((pid, name, user), image);
        }

        return image;
    }

    /// <summary>A command name is the first 15 bytes of the program's name, of which some tools print 12.</summary>
    private static bool IsCommandOf(ReadOnlySpan<byte> command, ReadOnlySpan<byte> program)
    {
        ReadOnlySpan<byte> name = program[(program.LastIndexOf((byte)'/') + 1)..];
        return command.SequenceEqual(name) || (command.Length is >= 12 and <= 15 && name.StartsWith(command));
    }
}
