using ShellGuard.Linux;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Leash.Lines;

/// <summary>Lines of a script or of standard input, read byte by byte where what follows belongs to the pipelines: the
/// program that a line starts reads on where the line ended, as with every shell.</summary>
/// <param name="input">Stays the caller's.</param>
/// <param name="shared">Whether pipelines read from the same open file.</param>
public sealed class LineSource(Descriptor input, bool shared) : ILineReader
{
    private readonly byte[] _buffer = new byte[shared ? 1 : 16 * 1024];
    private int _start;
    private int _end;
    private bool _over;

    /// <summary>The next line without its line feed. One that is too long is cut to a byte more than any may have, and
    /// the rest of it is left out.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="LinuxException">The input cannot be read.</exception>
    public bool Next(out byte[] line)
    {
        List<byte> bytes = [];
        while (true)
        {
            if (_start == _end && !Fill())
            {
                line = [.. bytes];
                bool last = bytes.Count > 0;
                return last;
            }

            byte next = _buffer[_start++];
            if (next == (byte)'\n')
            {
                line = [.. bytes];
                return true;
            }

            if (bytes.Count <= LineLanguage.MaximumBytes)
            {
                bytes.Add(next);
            }
        }
    }

    private bool Fill()
    {
        if (_over)
        {
            return false;
        }

        LinuxResult read = DescriptorIo.Read(input, _buffer);
        _start = 0;
        _end = (int)read.OrThrow();
        _over = _end == 0;
        return !_over;
    }
}
