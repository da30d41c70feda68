using ShellGuard.Audit.Model;
using ShellGuard.Core;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Import.Journals;

/// <summary>Processes of a journal, which names each with its ancestors up to the host's first one. What is outside of
/// the cell is left out.</summary>
internal sealed class JournalProcesses(AccessTable table)
{
    /// <summary>By number and start: what it executed last.</summary>
    private readonly Dictionary<(int Pid, ulong Start), (int Program, int Arguments)> _programs = [];

    private readonly Dictionary<(int Pid, ulong Start, int Program, int Arguments), ProcessImage> _images = [];

    /// <summary>How many processes had a number.</summary>
    private readonly Dictionary<int, List<ulong>> _starts = [];

    /// <summary>By cell: the first process of it that the journal has, whose program is the supervisor's until it executes
    /// the command. Its parent is the cell's first process, and is not counted.</summary>
    private readonly Dictionary<string, ProcessIdentity?> _outside = new(StringComparer.Ordinal);

    /// <summary>A process executes another program.</summary>
    public void Execute(ProcessIdentity process, ReadOnlySpan<byte> program, int arguments) =>
        _programs[(process.Pid, process.StartTicks)] = (table.Texts.Add(program), arguments);

    /// <param name="chain">The process and its ancestors; empty where none acted.</param>
    public ProcessImage Find(string cell, IReadOnlyList<ProcessIdentity> chain, bool isExecution)
    {
        if (isExecution && !_outside.ContainsKey(cell))
        {
            _outside.Add(cell, chain.Count > 1 ? chain[1] : null);
        }

        // Those of the cell stand in front of its first process.
        int end = chain.Count;
        for (int i = 0; i < chain.Count && end == chain.Count; i++)
        {
            if (_outside.GetValueOrDefault(cell) is { } outside && IsSame(chain[i], outside))
            {
                end = i;
            }
        }

        ProcessImage? image = null;
        for (int i = end - 1; i >= 0; i--)
        {
            image = Image(chain[i], image);
        }

        return image ?? new ProcessImage(0, 1, null, 0, 0, ProcessImage.UnknownUser, 0);
    }

    private ProcessImage Image(ProcessIdentity process, ProcessImage? parent)
    {
        (int program, int arguments) = _programs.TryGetValue((process.Pid, process.StartTicks), out (int, int) executed) ? executed
            : parent is not null && parent.Program == table.Texts.Add(KernelText.Encode(process.Program)) ? (parent.Program, parent.Arguments)
            : (table.Texts.Add(KernelText.Encode(process.Program)), 0);
        if (!_images.TryGetValue((process.Pid, process.StartTicks, program, arguments), out ProcessImage? image))
        {
            image = new ProcessImage(process.Pid, Generation(process), parent, program, arguments, ProcessImage.UnknownUser, 0);
            _images.Add((process.Pid, process.StartTicks, program, arguments), image);
        }

        return image;
    }

    private int Generation(ProcessIdentity process)
    {
        if (!_starts.TryGetValue(process.Pid, out List<ulong>? starts))
        {
            _starts.Add(process.Pid, starts = []);
        }

        int known = starts.IndexOf(process.StartTicks);
        if (known >= 0)
        {
            return known + 1;
        }

        starts.Add(process.StartTicks);
        return starts.Count;
    }

    private static bool IsSame(ProcessIdentity one, ProcessIdentity other) => one.Pid == other.Pid && one.StartTicks == other.StartTicks;
}
