using System.Text;
using ShellGuard.Cells.Terminals;

namespace ShellGuard.Cells.Tests.Terminals;

internal sealed class RecordingTap(Action? onOutput = null) : ITerminalTap
{
    private readonly StringBuilder _all = new();

    internal string All
    {
        get
        {
            lock (_all)
            {
                return _all.ToString();
            }
        }
    }

    public void Output(ReadOnlySpan<byte> bytes)
    {
        Append($"o<{Encoding.UTF8.GetString(bytes)}>");
        onOutput?.Invoke();
    }

    public void Input(ReadOnlySpan<byte> bytes) => Append($"i<{Encoding.UTF8.GetString(bytes)}>");

    public void Resize(int columns, int rows) => Append($"r<{columns}x{rows}>");

    private void Append(string text)
    {
        lock (_all)
        {
            _all.Append(text);
        }
    }
}
