using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import.Strace;

/// <summary>Lines of processes whose parent is not known yet, because several processes were making children at once.
/// They are read when the call that made the process returns.</summary>
internal sealed class HeldLines
{
    /// <summary>Lines kept in all, and bytes: past either, a parent is guessed.</summary>
    private const int MaxLines = 4096;
    private const int MaxBytes = 4 * 1024 * 1024;

    private readonly Dictionary<int, List<(byte[] Line, Origin Origin)>> _lines = [];
    private int _count;
    private int _bytes;

    /// <summary>Nothing more is kept.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Processes with kept lines.</summary>
    public int Count => _lines.Count;

    public bool TryAdd(int pid, ReadOnlySpan<byte> line, Origin origin)
    {
        if (IsClosed || _count >= MaxLines || _bytes + line.Length > MaxBytes)
        {
            return false;
        }

        if (!_lines.TryGetValue(pid, out var lines))
        {
            _lines.Add(pid, lines = []);
        }

        lines.Add((line.ToArray(), origin));
        _count++;
        _bytes += line.Length;
        return true;
    }

    /// <summary>Takes out the lines of any process.</summary>
    /// <returns>Null where there are none.</returns>
    public List<(byte[] Line, Origin Origin)>? TakeFirst()
    {
        foreach (int pid in _lines.Keys)
        {
            return Take(pid);
        }

        return null;
    }

    /// <summary>Takes out the lines of a process.</summary>
    /// <returns>Null where there are none.</returns>
    public List<(byte[] Line, Origin Origin)>? Take(int pid)
    {
        if (!_lines.Remove(pid, out var lines))
        {
            return null;
        }

        _count -= lines.Count;
        _bytes -= lines.Sum(line => line.Line.Length);
        return lines;
    }
}
